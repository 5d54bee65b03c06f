/** The echo server on Node's `net`, as users write it. */
import { createServer } from 'node:net';
import { serveNet, startExtras } from './support.js';

serveNet(
  createServer((socket) => {
    socket.on('data', (data) => socket.write(data));
    socket.on('error', () => socket.destroy());
  }),
);
startExtras(process.argv);
