// The examples of the network, with strangers.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import test from 'ava';
import { Example } from './support/example.js';
import { temporaryFolder } from './support/folders.js';
import { hasPython } from './support/stranger.js';

/** A client of the chat, line by line. */
class Chatter {
  readonly #lines: AsyncIterator<string>;

  constructor(
    input: NodeJS.ReadableStream,
    readonly say: (line: string) => void,
    readonly leave: () => void,
  ) {
    this.#lines = createInterface({ input })[Symbol.asyncIterator]();
  }

  static net(path: string): Chatter {
    const socket: Socket = connect(path);
    return new Chatter(
      socket,
      (line) => socket.write(`${line}\n`),
      () => socket.end(),
    );
  }

  static process(command: string, ...args: string[]): Chatter {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    return new Chatter(
      child.stdout,
      (line) => child.stdin.write(`${line}\n`),
      () => child.stdin.end(),
    );
  }

  /** The next line, undefined at the end. */
  async hears(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }
}

const PYTHON = `
import socket, sys, threading
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
def send():
    for line in sys.stdin:
        s.sendall(line.encode())
    s.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := s.recv(4096):
    sys.stdout.write(data.decode())
    sys.stdout.flush()
`;

test.serial(
  'unix-chat: a stranger of Node, one of Python, and its own client talk to each other',
  async (t) => {
    using folder = temporaryFolder();
    const path = folder.file('chat.sock');
    const server = new Example('unix-chat', path);
    await server.printed(/^Serving on .*chat\.sock, Ctrl-C ends it\n/);
    const ada = Chatter.net(path);
    ada.say('Ada');
    t.is(await ada.hears(), 'Welcome, Ada: 0 here');
    const bob = hasPython ? Chatter.process('python3', '-c', PYTHON, path) : Chatter.net(path);
    bob.say('Bob');
    t.is(await bob.hears(), 'Welcome, Bob: 1 here');
    t.is(await ada.hears(), '* Bob has come');
    const own = new Example('unix-chat', path, 'Cleo');
    await own.printed(/^Welcome, Cleo: 2 here\n/);
    for (const other of [ada, bob]) t.is(await other.hears(), '* Cleo has come');
    ada.say('grüß euch');
    t.is(await bob.hears(), 'Ada: grüß euch');
    await own.printed(/^Ada: grüß euch$/m);
    own.type('hello, both\n');
    for (const other of [ada, bob]) t.is(await other.hears(), 'Cleo: hello, both');
    own.type(null);
    t.deepEqual(await own.ended, [0, null]);
    for (const other of [ada, bob]) t.is(await other.hears(), '* Cleo has left');
    bob.leave();
    t.is(await bob.hears(), undefined);
    t.is(await ada.hears(), '* Bob has left');
    server.kill('SIGINT');
    t.deepEqual(await server.ended, [0, null]);
    t.is(await ada.hears(), undefined);
    t.false(existsSync(path));
    t.is(server.stderr + own.stderr, '');
  },
);

test.serial('unix-chat sends away who speaks without end', async (t) => {
  using folder = temporaryFolder();
  const path = folder.file('chat.sock');
  const server = new Example('unix-chat', path);
  await server.printed(/^Serving on /);
  const socket = connect(path);
  socket.on('error', () => undefined);
  socket.write('x'.repeat(100_000));
  await once(socket, 'close');
  server.kill('SIGINT');
  t.deepEqual(await server.ended, [0, null]);
});

test.serial('all-cores: the threads share the connections out', async (t) => {
  const server = new Example('all-cores', '0', '2');
  const [, port] = await server.printed(/^Serving on 127\.0\.0\.1:(\d+) with 2 threads, Ctrl-C ends it\n/);
  const greeting = async (): Promise<string> => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    for await (const piece of socket) text += piece;
    return text;
  };
  const greetings = new Set<string>();
  // Linux takes a thread for each connection by chance; elsewhere one thread may get them all.
  for (let guest = 0; guest < 64; guest++) greetings.add(await greeting());
  t.true([...greetings].every((text) => /^thread \d+\n$/.test(text)));
  t.is(greetings.size, process.platform === 'linux' ? 2 : greetings.size);
  server.kill('SIGINT');
  t.deepEqual(await server.ended, [null, 'SIGINT']);
  t.is(server.stderr, '');
});
