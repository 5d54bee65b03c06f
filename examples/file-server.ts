// Shows sendfile: an HTTP/1.1 server for the files of a directory, with ranges, and connections that stay open. Try it
// with `curl -O http://127.0.0.1:8080/README.md`. `file-server.js [directory] [port]`, `.` and 8080 without them.
import { closeSync, constants, fstatSync, openSync, realpathSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import {
  type Coroutine,
  getRunningLoop,
  IncompleteReadError,
  LimitOverrunError,
  run,
  type StreamReader,
  type StreamWriter,
  startServer,
  TimeoutError,
  waitFor,
} from 'mioloop';

/** Bytes of a request's head; who sends more is told so. */
const LONGEST_HEAD = 16 * 1024;
/** Seconds that a client has for its next request. */
const PATIENCE = 30;

const REASONS: Record<number, string> = {
  200: 'OK',
  206: 'Partial Content',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  416: 'Range Not Satisfiable',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  505: 'HTTP Version Not Supported',
};
/** What the errors of the system mean to a client. */
const STATUSES: Record<string, number> = {
  ENOENT: 404,
  ENOTDIR: 404,
  ENAMETOOLONG: 404,
  EACCES: 403,
  ELOOP: 403,
};
const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

type Headers = Record<string, string | number>;

/** An answer without a file. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly headers: Headers = {},
  ) {
    super(`${status} ${REASONS[status]}`);
  }
}

interface Request {
  readonly method: string;
  readonly target: string;
  readonly range: string | undefined;
  /** The connection stays open after the answer. */
  readonly keepAlive: boolean;
}

/** An open file, and the part of it that is asked for. */
interface Part {
  readonly file: number;
  readonly start: number;
  readonly length: number;
  readonly status: number;
  readonly headers: Headers;
}

/** The next request; null when there is none. */
function* nextRequest(reader: StreamReader): Coroutine<Request | null> {
  try {
    return parse(String(yield* waitFor(reader.readuntil(Buffer.from('\r\n\r\n')), PATIENCE)));
  } catch (error) {
    if (error instanceof LimitOverrunError) throw new Refusal(431);
    if (error instanceof IncompleteReadError || error instanceof TimeoutError) return null;
    throw error;
  }
}

function parse(head: string): Request {
  const [first = '', ...lines] = head.trimEnd().split('\r\n');
  const [, method, target, version] = /^([A-Z]+) (\S+) HTTP\/(\d\.\d)$/.exec(first) ?? [];
  if (method === undefined || target === undefined) throw new Refusal(400);
  if (version !== '1.1' && version !== '1.0') throw new Refusal(505);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Refusal(400);
    headers.set(name.toLowerCase(), value);
  }
  // Nothing here takes a body, and what nobody reads would be taken for the next request.
  if (headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) !== 0)
    throw new Refusal(413);
  const connection = headers.get('connection')?.toLowerCase();
  const keepAlive = version === '1.1' ? connection !== 'close' : connection === 'keep-alive';
  return { method, target, range: headers.get('range'), keepAlive };
}

/** Opens what is asked for. */
function open(root: string, { method, target, range }: Request): Part {
  if (method !== 'GET' && method !== 'HEAD') throw new Refusal(405, { Allow: 'GET, HEAD' });
  const path = locate(root, target);
  // A pipe must not make us wait for somebody who writes into it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Refusal(403);
    const headers = {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Last-Modified': stat.mtime.toUTCString(),
      'Accept-Ranges': 'bytes',
    };
    return { file, ...partOf(range, stat.size, headers) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The path of what is asked for. It is inside `root`, wherever dots and links lead. */
function locate(root: string, target: string): string {
  let path: string;
  try {
    path = decodeURIComponent(target.split(/[?#]/)[0]!);
  } catch {
    throw new Refusal(400);
  }
  if (!path.startsWith('/') || path.includes('\0')) throw new Refusal(400);
  const place = join(root, path.endsWith('/') ? `${path}index.html` : path);
  if (!isInside(root, place)) throw new Refusal(403);
  const real = realpathSync(place);
  if (!isInside(root, real)) throw new Refusal(403);
  return real;
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** What `Range` asks for: one part, or everything, as where it asks for something that is not known here. */
function partOf(range: string | undefined, size: number, headers: Headers): Omit<Part, 'file'> {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  const isBackward = first !== '' && last !== '' && Number(last) < Number(first);
  if ((first === '' && last === '') || isBackward) return { start: 0, length: size, status: 200, headers };
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= end) throw new Refusal(416, { 'Content-Range': `bytes */${size}` });
  const place = `bytes ${start}-${end - 1}/${size}`;
  return { start, length: end - start, status: 206, headers: { ...headers, 'Content-Range': place } };
}

function head(status: number, length: number, keepAlive: boolean, headers: Headers): Buffer {
  const connection = keepAlive ? 'keep-alive' : 'close';
  const all = {
    Date: new Date().toUTCString(),
    'Content-Length': length,
    Connection: connection,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n`);
}

function refuse(writer: StreamWriter, error: unknown, request: Request | null): void {
  const status = STATUSES[(error as NodeJS.ErrnoException).code ?? ''] ?? 500;
  const refusal = error instanceof Refusal ? error : new Refusal(status);
  const text = Buffer.from(`${refusal.message}\n`);
  const headers = { 'Content-Type': 'text/plain', ...refusal.headers };
  writer.write(head(refusal.status, text.length, request?.keepAlive ?? false, headers));
  if (request?.method !== 'HEAD') writer.write(text);
}

/** Answers; the file goes from the system's cache into the socket, not through this program's memory. */
function* answer(root: string, request: Request, writer: StreamWriter): Coroutine<void> {
  let part: Part;
  try {
    part = open(root, request);
  } catch (error) {
    refuse(writer, error, request);
    return;
  }
  const { file, start, length, status, headers } = part;
  try {
    writer.write(head(status, length, request.keepAlive, headers));
    if (request.method === 'HEAD' || length === 0) return;
    const sent = yield* getRunningLoop().sendfile(writer.transport, file, start, length);
    // The client has to notice: it was promised more.
    if (sent < length) writer.transport.abort();
  } finally {
    closeSync(file);
  }
}

function* serve(root: string, reader: StreamReader, writer: StreamWriter): Coroutine<void> {
  try {
    for (let isOpen = true; isOpen; ) {
      const request = yield* nextRequest(reader);
      if (request === null) return;
      yield* answer(root, request, writer);
      // A client that asks and does not read has to wait.
      yield* writer.drain();
      isOpen = request.keepAlive;
    }
  } catch (error) {
    // It went without a word, which is no error of the service.
    if (['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    if (!(error instanceof Refusal)) throw error;
    refuse(writer, error, null);
  } finally {
    writer.close();
  }
}

const root = realpathSync(process.argv[2] ?? '.');
const port = Number(process.argv[3] ?? 8080);

await run(function* () {
  const client = (reader: StreamReader, writer: StreamWriter) => serve(root, reader, writer);
  const server = yield* startServer(client, '127.0.0.1', port, { limit: LONGEST_HEAD });
  const [address, boundPort] = server.sockets[0]!.getsockname();
  console.log(`Serving ${root} on http://${address}:${boundPort}/, Ctrl-C ends it`);
  yield* server.serveForever();
});
