/** The long stream on Node's `net`, piece by piece, as fast as `write` and 'drain' let: `net-bulk.js <file>`. */
import { createServer } from 'node:net';
import { Pieces, readTable } from './pieces.js';
import { serveNet, wantedBytes } from './support.js';

const table = readTable(process.argv[2]!);

serveNet(
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (request) => {
      const pieces = new Pieces(table, wantedBytes(request));
      const pump = (): void => {
        for (let piece = pieces.next(); piece !== null; piece = pieces.next()) {
          if (!socket.write(piece)) return;
        }
        socket.end();
      };
      socket.on('drain', pump);
      pump();
    });
  }),
);
