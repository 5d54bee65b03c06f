// Builds everything that a clone needs to run: the addon, the shared layouts, the facade, and the programs
// that use it (examples, tests, benchmarks). `npm start`, `npm test` and `npm run bench` begin with this.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { writeIfChanged } from './files.mjs';

/** Runs a program to its end; its failure ends the build with its exit code. */
function step(program, args, options = {}) {
  const result = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result.stdout?.toString() ?? '';
}

if (spawnSync('cargo', ['--version'], { stdio: 'ignore' }).error) {
  console.error(
    'mioloop is built from Rust, and no `cargo` was found: install Rust from https://rustup.rs and try again.',
  );
  process.exit(1);
}
if (!existsSync('node_modules/.bin/tsc')) {
  console.error('The build tools are not installed: run `npm install` first.');
  process.exit(1);
}

const layout = step('cargo', ['run', '--quiet', '--locked', '-p', 'mioloop-core', '--example', 'layout'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
writeIfChanged('bindings/native/layout.ts', layout);

mkdirSync('dist/native', { recursive: true });
step('node_modules/.bin/napi', [
  'build',
  '--platform',
  '--release',
  '--manifest-path',
  'crates/mioloop-node/Cargo.toml',
  '--output-dir',
  'dist/native',
  '--no-js',
  '--dts',
  '../../bindings/native/binding.d.ts',
  '--',
  '--locked',
  '--quiet',
]);
step('node_modules/.bin/tsc', ['-p', 'tsconfig.json']);
// One file instead of fifty: half of the time that an import takes was spent on opening them. What tests see of
// the inside shares a chunk with it.
for (const name of readdirSync('dist')) if (name !== 'native') rmSync(`dist/${name}`, { recursive: true });
step('node_modules/.bin/esbuild', [
  'bindings/index.ts',
  'bindings/internals/testing.ts',
  'bindings/executor-process.ts',
  'bindings/executor-thread.ts',
  ...['--bundle', '--splitting', '--format=esm', '--platform=node', '--target=node20', '--outdir=dist'],
  '--log-level=warning',
]);
rmSync('build', { recursive: true, force: true });
step('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json']);
