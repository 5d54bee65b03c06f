// What runs inside a Stranger's worker: Node's own net, and nothing of mioloop.

import { createConnection, createServer, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Order, Outcome, Role, Word } from './stranger.js';

const role: Role = workerData;
const port = parentPort!;
const sockets = new Set<Socket>();
let number = 0;

function tell(word: Word): void {
  port.postMessage(word);
}

function adopt(socket: Socket): void {
  const chunks: Buffer[] = [];
  const outcome: Outcome = { number: number++, received: Buffer.alloc(0), ended: false, error: null };
  sockets.add(socket);
  if (role.paused) socket.pause();
  else read();
  socket.on('connect', () => tell({ kind: 'connected' }));
  socket.on('end', () => {
    outcome.ended = true;
    if (role.endWithPeer) socket.end();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    outcome.error = error.code ?? error.message;
  });
  socket.on('close', () => {
    sockets.delete(socket);
    tell({ kind: 'closed', outcome: { ...outcome, received: Buffer.concat(chunks) } });
  });

  function read(): void {
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (role.echo) socket.write(chunk);
    });
  }
  socket.on('strangerRead', () => {
    if (socket.listenerCount('data') === 0) read();
    socket.resume();
  });
}

function obey(order: Order): void {
  if (order.kind === 'connect') {
    const { host, port } = order;
    adopt(createConnection({ host, port, allowHalfOpen: true, noDelay: true }));
    return;
  }
  for (const socket of sockets) {
    if (order.kind === 'write') socket.write(order.data);
    else if (order.kind === 'end') socket.end();
    else if (order.kind === 'reset') socket.resetAndDestroy();
    else if (order.kind === 'destroy') socket.destroy();
    else if (order.kind === 'pause') socket.pause();
    else socket.emit('strangerRead');
  }
}

port.on('message', obey);
if (role.listen) {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, adopt);
  server.listen(0, role.host, () => {
    const address = server.address();
    tell({ kind: 'ready', port: typeof address === 'object' && address !== null ? address.port : 0 });
  });
} else {
  tell({ kind: 'ready', port: 0 });
}
