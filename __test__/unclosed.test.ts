// What happens to loops and transports that are dropped without being closed.

import test from 'ava';
import { runProgram } from './support/program.js';

test.serial(
  'a loop dropped unclosed is collected with a warning, and its transports close (B18, B111)',
  async (t) => {
    const { code, stdout } = await runProgram(
      `
    const { setFlagsFromString } = require('node:v8');
    setFlagsFromString('--expose-gc');
    const gc = require('node:vm').runInNewContext('gc');
    const net = require('node:net');
    import('mioloop').then(async ({ newEventLoop, Protocol }) => {
      const ends = [];
      process.on('warning', (warning) => ends.push(warning.name + ': ' + warning.message));
      const closed = (async () => {
        const loop = newEventLoop();
        let stranger;
        await loop.runUntilComplete(function* () {
          const accepted = loop.createFuture();
          class Silent extends Protocol {
            connectionMade(transport) { accepted.setResult(transport); }
          }
          const server = yield* loop.createServer(() => new Silent(), '127.0.0.1', 0);
          stranger = net.connect(server.sockets[0].getsockname()[1], '127.0.0.1');
          yield* accepted;
        });
        return new Promise((resolve) => stranger.resume().on('close', resolve));
      })();
      let done = false;
      closed.then(() => { done = true; });
      while (!done || ends.length === 0) {
        gc();
        await new Promise(setImmediate);
      }
      for (const line of ends) console.log(line);
    });
  `,
      { kind: 'commonjs' },
    );
    t.is(code, 0);
    t.is(
      stdout,
      'ResourceWarning: unclosed event loop, with 2 unclosed transports and servers; call loop.close()\n',
    );
  },
);

test.serial('a loop dropped with a datagram endpoint closes it, with a warning (B18)', async (t) => {
  const { code, stdout } = await runProgram(
    `
    const { setFlagsFromString } = require('node:v8');
    setFlagsFromString('--expose-gc');
    const gc = require('node:vm').runInNewContext('gc');
    const { createSocket } = require('node:dgram');
    import('mioloop').then(async ({ newEventLoop, DatagramProtocol }) => {
      const ends = [];
      process.on('warning', (warning) => ends.push(warning.name + ': ' + warning.message));
      const port = await (async () => {
        const loop = newEventLoop();
        return loop.runUntilComplete(function* () {
          const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), ['127.0.0.1', 0]);
          return transport.getExtraInfo('sockname')[1];
        });
      })();
      while (ends.length === 0) {
        gc();
        await new Promise(setImmediate);
      }
      const isFree = () => new Promise((resolve) => {
        const stranger = createSocket('udp4');
        stranger.on('error', () => stranger.close(() => resolve(false)));
        stranger.bind(port, '127.0.0.1', () => stranger.close(() => resolve(true)));
      });
      while (!(await isFree())) await new Promise(setImmediate);
      for (const line of ends) console.log(line);
    });
  `,
    { kind: 'commonjs' },
  );
  t.is(code, 0);
  t.is(
    stdout,
    'ResourceWarning: unclosed event loop, with 1 unclosed transports and servers; call loop.close()\n',
  );
});
