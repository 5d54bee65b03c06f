// What runs inside the lockstep's worker: Node's net. One order at a time; each is answered when it is done.

import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Answer, Order } from './lockstep.js';
import { obeyOrders } from './orders-worker.js';

interface Line {
  readonly socket: Socket;
  readonly chunks: Buffer[];
  received: number;
  ended: boolean;
  closed: boolean;
  error: string | null;
}

interface Desk {
  readonly server: Server;
  readonly accepted: number[];
  open: boolean;
}

const answer = obeyOrders<Order, Answer>(obey);
const lines: Line[] = [];
const desks: Desk[] = [];

function adopt(socket: Socket, paused: boolean): number {
  const line: Line = { socket, chunks: [], received: 0, ended: false, closed: false, error: null };
  socket.on('end', () => {
    line.ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    line.error = error.code ?? error.message;
  });
  socket.on('close', () => {
    line.closed = true;
  });
  socket.on('data', (chunk: Buffer) => {
    line.chunks.push(chunk);
    line.received += chunk.length;
  });
  if (paused) socket.pause();
  return lines.push(line) - 1;
}

function connect(order: Extract<Order, { kind: 'connect' }>): void {
  const { host, port, path, paused } = order;
  const place = path === undefined ? { host, port, noDelay: true } : { path };
  const socket = createConnection({ ...place, allowHalfOpen: true });
  const line = adopt(socket, paused);
  const refused = (error: NodeJS.ErrnoException) =>
    answer({ kind: 'failed', reason: error.code ?? error.message });
  socket.once('error', refused);
  socket.once('connect', () => {
    socket.off('error', refused);
    answer({ kind: 'line', line, localPort: socket.localPort ?? 0 });
  });
}

function listen(order: Extract<Order, { kind: 'listen' }>): void {
  const accepted: number[] = [];
  const options = { allowHalfOpen: true, noDelay: true, pauseOnConnect: order.paused };
  const server = createServer(options, (socket) => {
    accepted.push(adopt(socket, order.paused));
    if (order.greeting !== undefined) socket.write(order.greeting);
    // Accepted in the same breath as the end of listening.
    if (!desk.open) socket.destroy();
  });
  const desk: Desk = { server, accepted, open: true };
  const place = order.path === undefined ? { port: 0, host: order.host } : { path: order.path };
  server.listen(place, () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    answer({ kind: 'desk', desk: desks.push(desk) - 1, port });
  });
}

function destroy(line: Line): void {
  if (line.closed) {
    answer({ kind: 'done' });
    return;
  }
  line.socket.once('close', () => answer({ kind: 'done' }));
  line.socket.destroy();
}

function obey(order: Order): void {
  if (order.kind === 'connect') connect(order);
  else if (order.kind === 'listen') listen(order);
  else if ('desk' in order) atDesk(order, desks[order.desk]!);
  else onLine(order, lines[order.line]!);
}

function atDesk(order: Extract<Order, { desk: number }>, desk: Desk): void {
  const { server, accepted } = desk;
  if (order.kind === 'accepted') {
    answer({ kind: 'lines', lines: accepted.map((line) => [line, lines[line]!.socket.remotePort ?? 0]) });
    return;
  }
  desk.open = false;
  server.close();
  for (const line of accepted) lines[line]!.socket.destroy();
  answer({ kind: 'done' });
}

function onLine(order: Extract<Order, { line: number }>, line: Line): void {
  const { socket, received, ended, closed, error } = line;
  const done = () => answer({ kind: 'done' });
  if (order.kind === 'write') socket.write(order.data, done);
  else if (order.kind === 'end') socket.end(done);
  else if (order.kind === 'destroy') destroy(line);
  else if (order.kind === 'look') answer({ kind: 'sight', sight: { received, ended, closed, error } });
  else if (order.kind === 'data') answer({ kind: 'data', data: Buffer.concat(line.chunks) });
  else {
    if (order.kind === 'send') socket.write(order.data);
    else if (order.kind === 'reset') socket.resetAndDestroy();
    else if (order.kind === 'pause') socket.pause();
    else if (order.kind === 'resume') socket.resume();
    done();
  }
}

// libuv takes a spare descriptor at a thread's first socket and keeps it: that is to happen before the first test.
const first = createServer();
first.listen(0, '127.0.0.1', () => first.close(() => answer({ kind: 'done' })));
