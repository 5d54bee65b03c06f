// The examples and the tour, each as a process of its own, as a user starts them.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import test from 'ava';
import { Example, outputOf } from './support/example.js';

test.serial('hello-world prints its greeting and ends', async (t) => {
  t.is(await outputOf('hello-world'), 'Hello World\n');
});

test.serial('display-date prints four dates, half a second apart', async (t) => {
  const lines = (await outputOf('display-date')).trimEnd().split('\n');
  const times = lines.map((line) => Date.parse(line));
  t.is(times.length, 4, lines.join('\n'));
  const pauses = times.slice(1).map((time, index) => time - times[index]!);
  // Dates are whole milliseconds of a clock that may be corrected meanwhile.
  for (const pause of pauses) t.true(pause >= 495, `${pause} ms`);
});

test.serial('watch-descriptor receives what was sent, and ends', async (t) => {
  t.is(await outputOf('watch-descriptor'), 'Received: abc\n');
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test.serial(`ask-exit is stopped by ${signal}`, async (t) => {
    const example = new Example('ask-exit');
    const [, pid] = await example.printed(/^pid (\d+): send SIGINT or SIGTERM to exit\.\n/m);
    process.kill(Number(pid), signal);
    t.deepEqual(await example.ended, [0, null]);
    t.true(
      example.stdout.endsWith(`got signal ${signal}: exit\nEvent loop stopped before Future completed.\n`),
    );
    t.is(example.stderr, '');
  });
}

test.serial("port-scan finds the servers of Node's net, and nobody else", async (t) => {
  const servers = [createServer(), createServer()];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port).sort((a, b) => a - b);
  for (const port of ports) {
    const text = await outputOf('port-scan', String(port), String(port));
    t.is(text, `open between ${port} and ${port}: ${port}\n`);
  }
  for (const server of servers) server.close();
  const [closed] = ports;
  t.is(
    await outputOf('port-scan', String(closed), String(closed)),
    `open between ${closed} and ${closed}: none\n`,
  );
});

test.serial("echo-server serves clients of Node's net, and Ctrl-C ends it", async (t) => {
  const server = new Example('echo-server', '0');
  const [, port] = await server.printed(/^Serving on 127\.0\.0\.1:(\d+), Ctrl-C ends it\n/);
  const talk = async (sent: Buffer): Promise<boolean> => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(sent);
    const pieces: Buffer[] = [];
    for await (const piece of socket) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).equals(sent);
  };
  const messages = [Buffer.from('Hello World!'), Buffer.alloc(0), Buffer.alloc(3_000_000, 'abcdefg')];
  t.deepEqual(await Promise.all(messages.map(talk)), [true, true, true]);
  server.kill('SIGINT');
  t.deepEqual(await server.ended, [null, 'SIGINT']);
  t.is(server.stderr, '');
});

test.serial("echo-client talks to a server of Node's net", async (t) => {
  const received: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      received.push(data.toString());
      // In two packets: the client has to wait for both.
      socket.write(data.subarray(0, 5));
      setTimeout(() => socket.write(data.subarray(5)), 20);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.is(
    await outputOf('echo-client', `${port}`, 'hello, stranger'),
    'Sent: hello, stranger\nReceived: hello, stranger\n',
  );
  t.deepEqual(received, ['hello, stranger']);
  server.close();
  await once(server, 'close');
});

test.serial('echo-client fails with a clear error where nobody listens, or nobody replies', async (t) => {
  const server = createServer((socket) => {
    socket.end();
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ignored = new Example('echo-client', `${port}`);
  t.deepEqual(await ignored.ended, [1, null]);
  t.regex(ignored.stderr, /Error: the server closed the connection before it replied/);
  server.close();
  await once(server, 'close');

  const refused = new Example('echo-client', `${port}`);
  t.deepEqual(await refused.ended, [1, null]);
  t.regex(refused.stderr, /ECONNREFUSED/);
});

test.serial('echo-server and echo-client talk to each other', async (t) => {
  const server = new Example('echo-server', '0');
  const [, port] = await server.printed(/^Serving on 127\.0\.0\.1:(\d+)/);
  t.is(await outputOf('echo-client', port!), 'Sent: Hello World!\nReceived: Hello World!\n');
  server.kill('SIGTERM');
  t.deepEqual(await server.ended, [null, 'SIGTERM']);
});

test.serial("udp-echo-server answers Node's dgram, and Ctrl-C ends it", async (t) => {
  const server = new Example('udp-echo-server', '0');
  const [, port] = await server.printed(/^Serving on 127\.0\.0\.1:(\d+), Ctrl-C ends it\n/);
  const socket = createSocket('udp4');
  for (const sent of ['Hello World!', '', 'x'.repeat(60_000)]) {
    socket.send(sent, Number(port), '127.0.0.1');
    const [received] = (await once(socket, 'message')) as [Buffer];
    t.is(received.toString(), sent);
  }
  socket.close();
  server.kill('SIGINT');
  t.deepEqual(await server.ended, [null, 'SIGINT']);
  t.is(server.stderr, '');
});

test.serial("udp-echo-client talks to Node's dgram", async (t) => {
  const socket = createSocket('udp4');
  socket.on('message', (data, { address, port }) => socket.send(data, port, address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  t.is(
    await outputOf('udp-echo-client', `${port}`, 'hello, stranger'),
    'Sent: hello, stranger\nReceived: hello, stranger\n',
  );
  socket.close();
  await once(socket, 'close');
  const refused = new Example('udp-echo-client', `${port}`);
  t.deepEqual(await refused.ended, [1, null]);
  t.regex(refused.stderr, /ECONNREFUSED/);
});

test.serial('udp-echo-client gives up where nobody replies', async (t) => {
  const silent = createSocket('udp4');
  silent.bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const output = await outputOf('udp-echo-client', `${silent.address().port}`);
  t.is(output, 'Sent: Hello World!\nNo reply within 1 s\n');
  silent.close();
});

test.serial("line-service answers the lines of Node's net, whatever is wrong with them", async (t) => {
  const service = new Example('line-service', '0');
  const [, port] = await service.printed(/^Serving on 127\.0\.0\.1:(\d+), Ctrl-C ends it\n/);
  const talk = async (sent: string): Promise<string[]> => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(sent);
    let received = '';
    for await (const piece of socket) received += String(piece);
    return received.split('\n').slice(0, -1);
  };
  t.deepEqual(await talk('SET colour  light blue\nget colour\nGET size\ncount\n'), [
    'OK',
    'VALUE light blue',
    'NONE',
    'COUNT 1',
  ]);
  const [help, tooLong, value] = await talk(`dance\nSET text ${'x'.repeat(5000)}\nGET colour\nQUIT\nCOUNT\n`);
  t.regex(help!, /^ERROR SET name value/);
  t.is(tooLong, 'ERROR a line has at most 1000 bytes');
  t.is(value, 'VALUE light blue');
  t.deepEqual(await talk('DELETE colour\nGET colour'), ['OK', 'NONE']);
  const rude = connect(Number(port), '127.0.0.1');
  rude.write('COUNT\n');
  await once(rude, 'data');
  rude.resetAndDestroy();
  const crowd = await Promise.all(Array.from({ length: 50 }, (_, n) => talk(`SET n${n} ${n}\nGET n${n}\n`)));
  t.true(crowd.every(([ok, answer], n) => ok === 'OK' && answer === `VALUE ${n}`));
  t.deepEqual(await talk('COUNT\n'), ['COUNT 50']);
  service.kill('SIGINT');
  t.deepEqual(await service.ended, [null, 'SIGINT']);
  t.is(service.stderr, '');
});

test.serial('lag-monitor finds the task that holds the loop up', async (t) => {
  const lines = (await outputOf('lag-monitor')).trimEnd().split('\n');
  t.is(lines.length, 3);
  for (const line of lines) {
    const [, below, longest, task] =
      /all below ([\d.]+) ms; the longest step: ([\d.]+) ms, (\w+)$/.exec(line) ?? [];
    t.is(task, 'computing', line);
    t.true(Number(longest) >= 60, line);
    t.true(Number(below) >= 31, line);
  }
});

test.serial('the tour runs to its end and prints all its parts', async (t) => {
  const stdout = await outputOf('tour', '--quick');
  t.is(stdout.match(/^== /gm)?.length, 5, stdout);
  t.regex(stdout, /^Hello World$/m);
  t.regex(stdout, /^100 clients sent 25 MiB/m);
  t.regex(stdout, /^and got every byte back as it was/m);
  t.is(stdout.match(/^\| [\d.]+ ms +\|/gm)?.length, 5, stdout);
  t.regex(stdout, /^\| mioloop +\|/m);
  t.regex(stdout, /^\| net +\|/m);
  t.regex(stdout, /^mioloop answers (?:[\d.]+|–) times as many requests as net/m);
});

test.serial('Ctrl-C ends the tour', async (t) => {
  const tour = new Example('tour', '--quick');
  await tour.printed(/^\d{4}-\d\d-\d\dT/m);
  tour.kill('SIGINT');
  const [code] = await tour.ended;
  t.is(code, 1);
  t.notRegex(tour.stdout, /^== An echo service/m);
});
