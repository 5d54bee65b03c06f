// What runs inside the worker of mail.ts: Node's dgram. One order at a time; each is answered when it is done.

import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Answer, BoxOptions, Letter, Order } from './mail.js';
import { obeyOrders } from './orders-worker.js';

interface Box {
  readonly socket: Socket;
  readonly letters: Letter[];
}

const answer = obeyOrders<Order, Answer>(obey);
const boxes: Box[] = [];

function open({ host = '127.0.0.1', echo = false, broadcast = false, group }: BoxOptions): void {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reuseAddr: group !== undefined });
  const letters: Letter[] = [];
  socket.on('message', (data, { address, port }) => {
    letters.push({ data, host: address, port });
    if (echo) socket.send(data, port, address);
  });
  socket.once('error', (error) => answer({ kind: 'failed', reason: error.message }));
  socket.bind(0, host, () => {
    if (broadcast) socket.setBroadcast(true);
    if (group !== undefined) {
      socket.addMembership(group, '127.0.0.1');
      socket.setMulticastInterface('127.0.0.1');
    }
    answer({ kind: 'opened', box: boxes.push({ socket, letters }) - 1, port: socket.address().port });
  });
}

function send({ socket }: Box, { letters, host, port }: Extract<Order, { kind: 'send' }>): void {
  const next = (index: number): void => {
    if (index === letters.length) {
      answer({ kind: 'done' });
      return;
    }
    socket.send(letters[index]!, port, host, (error) => {
      if (error === null) next(index + 1);
      else answer({ kind: 'failed', reason: error.message });
    });
  };
  next(0);
}

function obey(order: Order): void {
  if (order.kind === 'open') {
    open(order.options);
    return;
  }
  const box = boxes[order.box]!;
  if (order.kind === 'send') send(box, order);
  else if (order.kind === 'letters') answer({ kind: 'letters', letters: box.letters });
  else box.socket.close(() => answer({ kind: 'done' }));
}

// libuv takes a spare descriptor at a thread's first socket and keeps it: that is to happen before the first test.
const first = createSocket('udp4');
first.bind(0, '127.0.0.1', () => first.close(() => answer({ kind: 'done' })));
