/** The file server on Node's streams: `pipe.js <file>`, a connection asks for as many bytes of it. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:net';
import { serveNet, wantedBytes } from './support.js';

const path = process.argv[2]!;

serveNet(
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (request) => {
      const count = wantedBytes(request);
      if (count === 0) socket.end();
      else createReadStream(path, { end: count - 1 }).pipe(socket);
    });
  }),
);
