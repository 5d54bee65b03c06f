// Wrong options of connections and servers: which error, what it says, and that nothing is opened.

import { type EventLoop, NotImplementedError, Protocol, socket } from 'mioloop';
import { turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

/** Takes arguments that its types forbid. */
type Loose = (...args: unknown[]) => ReturnType<EventLoop['createServer']>;
type LooseLoop = Record<keyof EventLoop, Loose>;

interface Case {
  /** How it is called, as the title says it. */
  call: string;
  with: (loop: LooseLoop) => ReturnType<Loose>;
  error: new (...args: never[]) => Error;
  says: RegExp;
}

const factory = (): Protocol => new Protocol();
class Echo extends Protocol {}
const HOST = '127.0.0.1';
/** Nobody would get it: the call must fail before. */
const PORT = 1;
const PATH = '/tmp/mioloop-never.sock';

const connect = (options: unknown, host: unknown = HOST, port: unknown = PORT) => ({
  call: `createConnection(f, ${String(host)}, ${String(port)}, ${shown(options)})`,
  with: (loop: LooseLoop) => loop.createConnection(factory, host, port, options),
});
const listen = (options: unknown, host: unknown = HOST, port: unknown = 0) => ({
  call: `createServer(f, ${String(host)}, ${String(port)}, ${shown(options)})`,
  with: (loop: LooseLoop) => loop.createServer(factory, host, port, options),
});
const accepted = (options: unknown) => ({
  call: `connectAcceptedSocket(f, sock, ${shown(options)})`,
  with: (loop: LooseLoop) => {
    const [ours, theirs] = socket.socketpair();
    const result = loop.connectAcceptedSocket(factory, ours, options);
    ours.close();
    theirs.close();
    return result;
  },
});
const connectUnix = (options: unknown, path: unknown = PATH) => ({
  call: `createUnixConnection(f, ${String(path)}, ${shown(options)})`,
  with: (loop: LooseLoop) => loop.createUnixConnection(factory, path, options),
});
const listenUnix = (options: unknown, path: unknown = PATH) => ({
  call: `createUnixServer(f, ${String(path)}, ${shown(options)})`,
  with: (loop: LooseLoop) => loop.createUnixServer(factory, path, options),
});

function shown(options: unknown): string {
  return typeof options === 'object' ? JSON.stringify(options).replaceAll('"', "'") : String(options);
}

const range = (call: Omit<Case, 'error' | 'says'>, says: RegExp): Case => ({
  ...call,
  error: RangeError,
  says,
});
const type = (call: Omit<Case, 'error' | 'says'>, says: RegExp): Case => ({
  ...call,
  error: TypeError,
  says,
});
const missing = (call: Omit<Case, 'error' | 'says'>, says: RegExp): Case => ({
  ...call,
  error: NotImplementedError,
  says,
});

const CASES: Case[] = [
  // What needs ssl (B130), and ssl itself, which there is not yet.
  range(connect({ serverHostname: 'a' }), /^serverHostname is only meaningful with ssl$/),
  range(connect({ serverHostname: '' }), /^serverHostname is only meaningful with ssl$/),
  range(connect({ serverHostname: 'a', ssl: false }), /^serverHostname is only meaningful with ssl$/),
  range(connect({ sslHandshakeTimeout: 1 }), /^sslHandshakeTimeout is only meaningful with ssl$/),
  range(connect({ sslShutdownTimeout: 1 }), /^sslShutdownTimeout is only meaningful with ssl$/),
  range(connect({ ssl: true }, null), /You must set serverHostname when using ssl without a host/),
  range(connect({ ssl: true }, ''), /You must set serverHostname when using ssl without a host/),
  type(connect({ ssl: true, serverHostname: 5 }), /serverHostname must be a string, got 5/),
  missing(connect({ ssl: true }), /createConnection\(\) has no TLS yet: ssl must not be set/),
  missing(connect({ ssl: {}, serverHostname: '' }, null), /no TLS yet/),
  range(accepted({ sslHandshakeTimeout: 1 }), /^sslHandshakeTimeout is only meaningful with ssl$/),
  range(accepted({ sslShutdownTimeout: 1 }), /^sslShutdownTimeout is only meaningful with ssl$/),
  missing(accepted({ ssl: {} }), /connectAcceptedSocket\(\) has no TLS yet/),
  type(listen({ ssl: true }), /^ssl argument must be an SSLContext or None, got true$/),
  type(listen({ ssl: false }), /^ssl argument must be an SSLContext or None, got false$/),
  range(listen({ sslHandshakeTimeout: 1 }), /^sslHandshakeTimeout is only meaningful with ssl$/),
  range(listen({ sslShutdownTimeout: 1 }), /^sslShutdownTimeout is only meaningful with ssl$/),
  missing(listen({ ssl: {} }), /createServer\(\) has no TLS yet/),
  range(connectUnix({ ssl: true }), /you have to pass serverHostname when using ssl/),
  range(connectUnix({ serverHostname: 'a' }), /^serverHostname is only meaningful with ssl$/),
  range(connectUnix({ sslHandshakeTimeout: 1 }), /^sslHandshakeTimeout is only meaningful with ssl$/),
  missing(connectUnix({ ssl: true, serverHostname: 'a' }), /createUnixConnection\(\) has no TLS yet/),
  type(listenUnix({ ssl: true }), /^ssl argument must be an SSLContext or None, got true$/),
  range(listenUnix({ sslShutdownTimeout: 1 }), /^sslShutdownTimeout is only meaningful with ssl$/),
  missing(listenUnix({ ssl: {} }), /createUnixServer\(\) has no TLS yet/),
  // Nothing to connect to, or to listen on (B130, B137, B146).
  range(connect({}, null, null), /^host and port was not specified and no sock specified$/),
  range(listen({}, null, null), /^Neither host\/port nor sock were specified$/),
  range(connectUnix({}, null), /^no path and sock were specified$/),
  range(listenUnix({}, null), /^path was not specified, and no sock specified$/),
  // The ways of connecting (B135).
  type(connect({ happyEyeballsDelay: '1' }), /happyEyeballsDelay must be a number of seconds or null/),
  range(
    connect({ happyEyeballsDelay: Number.NaN }),
    /happyEyeballsDelay must be a number of seconds or null/,
  ),
  range(connect({ happyEyeballsDelay: -1 }), /happyEyeballsDelay must be 0 or more, got -1/),
  type(connect({ interleave: '1' }), /interleave must be a whole number from 0, got the string "1"/),
  range(connect({ interleave: 1.5 }), /interleave must be a whole number from 0, got 1\.5/),
  range(connect({ interleave: -1 }), /interleave must be a whole number from 0, got -1/),
  type(connect({ allErrors: 1 }), /allErrors must be a boolean, got 1/),
  // The look-up's.
  type(connect({ family: 'AF_INET' }), /family must be a constant of socket/),
  type(connect({ proto: '6' }), /proto must be a constant of socket/),
  range(connect({ flags: 1.5 }), /flags must be a whole number/),
  type(listen({ family: {} }), /family must be a constant of socket/),
  type(listen({ flags: '1' }), /flags must be a constant of socket/),
  type(connect({ localAddr: '127.0.0.1' }), /address must be \[host, port\]/),
  type(connect({ localAddr: 5 }), /address must be \[host, port\]/),
  range(connect({ localAddr: [HOST] }), /address must be \[host, port\], got 1 parts/),
  type(connect({ localAddr: [5, 0] }), /host must be an address or a name/),
  range(connect({ localAddr: [HOST, -1] }), /port must be a whole number from 0 to 65535/),
  type(connect({}, [HOST]), /host must be an address or a name/),
  // A server's.
  type(listen({ reuseAddress: 1 }), /reuseAddress must be a boolean, got 1/),
  type(listen({ reusePort: 'yes' }), /reusePort must be a boolean/),
  type(listen({ keepAlive: {} }), /keepAlive must be a boolean/),
  type(listen({ startServing: 0 }), /startServing must be a boolean/),
  range(listen({ backlog: -1 }), /backlog must be a whole number from 0/),
  type(listen({}, [5]), /host must be an address or a name/),
  type(listenUnix({ cleanupSocket: 'no' }), /cleanupSocket must be a boolean/),
  range(listenUnix({ backlog: 1e10 }), /backlog must be a whole number/),
  // What there is not, and what is none.
  missing(connect({ happyEyeballDelay: 1 }), /createConnection\(\) has no option happyEyeballDelay/),
  missing(listen({ reuse_port: true }), /createServer\(\) has no option reuse_port/),
  missing(connectUnix({ family: 1 }), /createUnixConnection\(\) has no option family/),
  missing(listenUnix({ reusePort: true }), /createUnixServer\(\) has no option reusePort/),
  missing(accepted({ sock: {} }), /connectAcceptedSocket\(\) has no option sock/),
  type(connect(null), /options of createConnection\(\) must be an object, got null/),
  type(listen(5), /options of createServer\(\) must be an object, got 5/),
];

for (const { call, with: attempt, error: errorClass, says } of CASES) {
  inLoop(`${call} is a ${errorClass.name} (B130, B137)`, function* (t, loop) {
    const open = descriptors().size;
    const error = yield* errorOf(attempt(loop as unknown as LooseLoop));
    t.true(error instanceof errorClass, String(error));
    t.is(typeof (error as NodeJS.ErrnoException).code, 'string');
    t.regex((error as Error).message, says);
    yield* turns(2);
    t.is(descriptors().size, open);
  });
}

const METHODS = ['createConnection', 'createServer', 'createUnixConnection', 'createUnixServer'] as const;

inLoop('null and undefined are no values: as if they were left out', function* (t, loop) {
  const nothing = Object.fromEntries(
    ['family', 'proto', 'flags', 'sock', 'localAddr', 'ssl', 'serverHostname', 'sslHandshakeTimeout'].map(
      (name) => [name, undefined],
    ),
  );
  const nulls = { sock: null, localAddr: null, ssl: null, happyEyeballsDelay: null, interleave: null };
  const server = yield* loop.createServer(factory, HOST, 0, {
    sock: null,
    maxConnections: null,
    reusePort: null,
  });
  const [, port] = server.sockets[0]!.getsockname();
  for (const options of [nothing, nulls]) {
    const [transport] = yield* loop.createConnection(factory, HOST, port, options);
    transport.abort();
  }
  server.close();
  yield* server.waitClosed();
  t.is(server.sockets.length, 0);
});

for (const method of METHODS) {
  inLoop(`${method}() of what is no factory is a TypeError`, function* (t, loop) {
    for (const none of [undefined, null, 5, 'text', new Protocol()]) {
      const error = yield* errorOf((loop as unknown as LooseLoop)[method](none, HOST, PORT));
      t.true(error instanceof TypeError);
      t.regex((error as Error).message, /a protocol factory \(a function\) is expected, got /);
    }
    // In Python a class is a factory. Found at the first connection, it would be nobody's error.
    const error = yield* errorOf((loop as unknown as LooseLoop)[method](Echo, HOST, PORT));
    t.true(error instanceof TypeError);
    const expected = 'a protocol factory (a function) is expected, got the class Echo: give () => new Echo()';
    t.is((error as Error).message, expected);
  });
}
