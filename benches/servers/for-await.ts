/** The echo server on Node's streams, as `for await` has them. */
import { createServer, type Socket } from 'node:net';
import { serveNet } from './support.js';

serveNet(createServer((socket) => void echo(socket)));

async function echo(socket: Socket): Promise<void> {
  try {
    for await (const chunk of socket) socket.write(chunk);
  } catch {
    socket.destroy();
  }
}
