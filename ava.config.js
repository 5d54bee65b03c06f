// The tests are compiled to build/ first (npm run build). One process a file: a test that leaves a
// descriptor or a timer behind must not be able to disturb its neighbours.
export default {
  files: ['build/__test__/**/*.test.js'],
  workerThreads: false,
  concurrency: 2,
  timeout: '60s',
};
