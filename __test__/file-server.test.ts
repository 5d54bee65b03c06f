// The example file-server.ts, asked by curl and, where that is too well behaved, by Node's net.

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { Example } from './support/example.js';
import { Folder } from './support/files.js';
import { bytesOf, sameBytes } from './support/random.js';

const hasCurl = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
const run = promisify(execFile);

const BIG = bytesOf(1, 5_000_001);
const PAGE = Buffer.from('<h1>Hello</h1>\n');
const SECRET = 'not for everybody';

/** A file server with its files: big.bin, index.html, empty, a space.txt, inner/page.html, some traps. */
class Served {
  readonly folder = new Folder();
  readonly server: Example;
  port = 0;

  private constructor() {
    const { folder } = this;
    mkdirSync(folder.at('root/inner'), { recursive: true });
    writeFileSync(folder.at('secret.txt'), SECRET);
    mkdirSync(folder.at('root-of-others'));
    writeFileSync(folder.at('root-of-others/secret.txt'), SECRET);
    writeFileSync(folder.at('root/big.bin'), BIG);
    writeFileSync(folder.at('root/index.html'), PAGE);
    writeFileSync(folder.at('root/empty'), '');
    writeFileSync(folder.at('root/a space%.txt'), 'spaced');
    writeFileSync(folder.at('root/inner/page.html'), PAGE);
    symlinkSync(folder.at('secret.txt'), folder.at('root/way-out'));
    symlinkSync(folder.at('root/inner'), folder.at('root/way-in'));
    symlinkSync('loop', folder.at('root/loop'));
    execFileSync('mkfifo', [folder.at('root/pipe')]);
    this.server = new Example('file-server', folder.at('root'), '0');
  }

  static async start(): Promise<Served> {
    const served = new Served();
    const [, port] = await served.server.printed(/^Serving \/.* on http:\/\/127\.0\.0\.1:(\d+)\//);
    served.port = Number(port);
    return served;
  }

  /** What curl gets for a path: status, head and body. */
  async curl(path: string, ...more: string[]): Promise<{ status: number; head: string; body: Buffer }> {
    const url = `http://127.0.0.1:${this.port}${path}`;
    const options = { encoding: 'buffer', maxBuffer: 1 << 27 } as const;
    const args = ['--silent', '--include', '--path-as-is', '--max-time', '20', ...more, url];
    const { stdout } = await run('curl', args, options);
    const end = stdout.indexOf('\r\n\r\n') + 4;
    const head = stdout.toString('latin1', 0, end);
    return { status: Number(head.split(' ')[1]), head, body: stdout.subarray(end) };
  }

  /** All that the server answers to `sent`, which need not be HTTP. */
  async raw(sent: string, { end = true } = {}): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    socket.write(sent);
    if (end) socket.end();
    let received = '';
    for await (const piece of socket) received += (piece as Buffer).toString('latin1');
    return received;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.kill('SIGTERM');
    await this.server.ended;
    this.folder[Symbol.dispose]();
  }
}

/** A test with a server; one with curl is skipped where there is none. */
function served(
  title: string,
  body: (t: ExecutionContext, served: Served) => Promise<void>,
  withCurl = true,
): void {
  test.serial(title, async (t) => {
    if (withCurl && !hasCurl) {
      t.log('skipped: no curl here');
      t.pass();
      return;
    }
    await using served = await Served.start();
    await body(t, served);
    t.is(served.server.stderr, '');
  });
}

served('file-server gives curl whole files', async (t, served) => {
  const big = await served.curl('/big.bin');
  t.is(big.status, 200);
  sameBytes(t, big.body, BIG);
  t.regex(big.head, /^Content-Length: 5000001\r$/m);
  t.regex(big.head, /^Content-Type: application\/octet-stream\r$/m);
  t.regex(big.head, /^Last-Modified: .* GMT\r$/m);
  for (const path of [
    '/',
    '/index.html',
    '/inner/page.html?x=/../y',
    '/way-in/page.html',
    '/inner/../index.html',
  ]) {
    const page = await served.curl(path);
    t.is(page.status, 200, path);
    t.deepEqual(page.body, PAGE, path);
    t.regex(page.head, /^Content-Type: text\/html\r$/m);
  }
  t.is(String((await served.curl('/a%20space%25.txt')).body), 'spaced');
  const empty = await served.curl('/empty');
  t.is(empty.status, 200);
  t.is(empty.body.length, 0);
});

served('file-server answers HEAD without a body', async (t, served) => {
  const head = await served.curl('/big.bin', '--head');
  t.is(head.status, 200);
  t.regex(head.head, /^Content-Length: 5000001\r$/m);
  t.is(head.body.length, 0);
  t.is((await served.curl('/nothing', '--head')).status, 404);
});

served('file-server gives parts of files', async (t, served) => {
  const parts: [range: string, start: number, end: number][] = [
    ['0-0', 0, 1],
    ['100-299', 100, 300],
    ['4999000-', 4_999_000, 5_000_001],
    ['-5', 4_999_996, 5_000_001],
    ['-9999999', 0, 5_000_001],
    ['10-99999999999999999999', 10, 5_000_001],
  ];
  for (const [range, start, end] of parts) {
    const part = await served.curl('/big.bin', '--range', range);
    t.is(part.status, 206, range);
    sameBytes(t, part.body, BIG.subarray(start, end));
    t.true(part.head.includes(`\r\nContent-Range: bytes ${start}-${end - 1}/5000001\r\n`), part.head);
  }
  const resumed = await served.curl('/big.bin', '--continue-at', '4000000');
  sameBytes(t, resumed.body, BIG.subarray(4_000_000));
  for (const range of ['5000001-', '-0']) {
    const beyond = await served.curl('/big.bin', '--range', range);
    t.is(beyond.status, 416, range);
    t.regex(beyond.head, /^Content-Range: bytes \*\/5000001\r$/m);
  }
  for (const range of ['bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'nonsense']) {
    const whole = await served.curl('/big.bin', '--header', `Range: ${range}`);
    t.is(whole.status, 200, range);
    t.is(whole.body.length, BIG.length);
  }
});

served('file-server keeps connections open for curl, one file after another', async (t, served) => {
  const url = `http://127.0.0.1:${served.port}`;
  const paths = ['/big.bin', '/nothing', '/index.html', '/big.bin', '/pipe', '/empty', '/index.html'];
  const out = served.folder.at('out');
  const args = paths.flatMap((path) => ['--output', out, `${url}${path}`]);
  const format = '%{http_code} %{num_connects} %{size_download}\\n';
  const { stdout } = await run('curl', ['--silent', '--max-time', '20', '--write-out', format, ...args]);
  t.is(
    stdout,
    '200 1 5000001\n404 0 14\n200 0 15\n200 0 5000001\n403 0 14\n200 0 0\n200 0 15\n',
    'status, new connections, bytes',
  );
});

served(
  'file-server refuses what is not there, not a file, or not asked for in a way that it knows',
  async (t, served) => {
    const refused: [status: number, path: string, ...more: string[]][] = [
      [404, '/nothing'],
      [404, '/index.html/inner'],
      [404, '/inner/'],
      [404, `/${'x'.repeat(300)}`],
      [403, '/inner'],
      [403, '/pipe'],
      [403, '/loop'],
      [405, '/index.html', '--request', 'DELETE'],
      [405, '/index.html', '--request', 'POST'],
      [413, '/index.html', '--data', 'a body'],
      [431, '/index.html', '--header', `X: ${'x'.repeat(20_000)}`],
    ];
    for (const [status, path, ...more] of refused) {
      const { head, body, ...answer } = await served.curl(path, ...more);
      t.is(answer.status, status, path);
      t.true(String(body).startsWith(`${status} `), String(body));
      if (status === 405) t.regex(head, /^Allow: GET, HEAD\r$/m);
    }
  },
);

served('file-server never leaves its root', async (t, served) => {
  const ways = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/inner/../../secret.txt',
    '/inner/..%2f..%2fsecret.txt',
    '/../root-of-others/secret.txt',
    '/way-out',
    '/way-in/../../secret.txt',
    '/../../../../../../../../etc/passwd',
    '//../secret.txt',
    '/.%2e/secret.txt',
    '/..',
  ];
  for (const way of ways) {
    const { status, body } = await served.curl(way);
    t.is(status, 403, way);
    t.false(String(body).includes(SECRET));
  }
  for (const way of ['/..\\secret.txt', '/%252e%252e/secret.txt', '/...//secret.txt']) {
    t.is((await served.curl(way)).status, 404, way);
  }
  for (const way of ['/%00', '/index.html%00.txt', '/%', '/%zz', '/%ff']) {
    t.is((await served.curl(way)).status, 400, way);
  }
});

served(
  'file-server answers what is hardly HTTP, and goes on when a client is gone',
  async (t, served) => {
    for (const [status, sent] of [
      [400, 'hello\r\n\r\n'],
      [400, 'GET\r\n\r\n'],
      [400, 'GET /index.html HTTP/1.1\r\nno colon\r\n\r\n'],
      [400, 'GET index.html HTTP/1.1\r\n\r\n'],
      [400, 'GET http://elsewhere/ HTTP/1.1\r\n\r\n'],
      [505, 'GET /index.html HTTP/2.0\r\n\r\n'],
    ] as const) {
      t.regex(await served.raw(sent), new RegExp(`^HTTP/1\\.1 ${status} `), sent);
    }
    t.is(await served.raw(''), '');
    t.is(await served.raw('GET /index.html HT'), '');
    const old = await served.raw('GET /index.html HTTP/1.0\r\n\r\nGET /index.html HTTP/1.0\r\n\r\n', {
      end: false,
    });
    t.is(old.match(/HTTP\/1\.1 200/g)?.length, 1, 'a connection of HTTP/1.0 ends');
    const ask = 'GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n';
    const all = await served.raw(ask.repeat(20));
    t.is(all.match(/<h1>Hello<\/h1>/g)?.length, 20, 'requests that are sent ahead are answered in turn');

    const rude = connect(served.port, '127.0.0.1');
    rude.write(ask.replace('index.html', 'big.bin'));
    await once(rude, 'data');
    rude.resetAndDestroy();
    t.is((await served.raw(ask)).match(/<h1>Hello<\/h1>/g)?.length, 1);
  },
  false,
);
