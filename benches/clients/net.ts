/** The client on Node's `net`. */
import { connect } from 'node:net';
import { atOnce, beginWarmup, beginWindow, MESSAGE, port, Reply, report, takeOne } from './support.js';

function ping(): Promise<void> {
  return new Promise((resolve, reject) => {
    const reply = new Reply();
    const socket = connect(port, '127.0.0.1', () => socket.write(MESSAGE));
    socket.on('data', (data) => {
      if (reply.take(data)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

async function worker(): Promise<void> {
  while (takeOne()) await ping();
}

function crowd(): Promise<unknown> {
  return Promise.all(Array.from({ length: atOnce }, worker));
}

beginWarmup();
await crowd();
const begin = beginWindow();
await crowd();
report(begin);
