// A program with few descriptors (accept.test.ts starts it with `ulimit -n`): it uses them up, lets a client come, and
// tells as JSON what its server did. The run mode is its argument.

import { closeSync, openSync } from 'node:fs';
import type { Coroutine, EventLoop, ExceptionContext } from 'mioloop';
import { Protocol, sleep, type Transport } from 'mioloop';
import { tell } from './few-descriptors.js';
import { portOf } from './hall.js';
import { Line } from './lockstep.js';

class Greeter extends Protocol {
  override connectionMade(transport: Transport): void {
    transport.write(Buffer.from('welcome'));
    transport.close();
  }
}

/** Opens what can be opened, but for `spare` descriptors. */
function exhaust(spare: number): number[] {
  const open: number[] = [];
  try {
    for (;;) open.push(openSync('/dev/null', 'r'));
  } catch {
    for (let i = 0; i < spare; i++) closeSync(open.pop()!);
  }
  return open;
}

/** A client comes when one descriptor is left: its own. */
function* comeLast(port: number): Coroutine<{ line: Line; hoard: number[] }> {
  const hoard = exhaust(1);
  const line = Line.connect(port);
  yield* sleep(0);
  return { line, hoard };
}

function* main(loop: EventLoop): Coroutine<unknown> {
  const reports: ExceptionContext[] = [];
  const server = yield* loop.createServer(() => new Greeter(), '127.0.0.1', 0);
  const report = loop.createFuture<void>();
  loop.setExceptionHandler((_loop, context) => {
    reports.push(context);
    if (!report.done()) report.setResult();
  });
  const { line, hoard } = yield* comeLast(portOf(server));
  yield* report;
  for (const fd of hoard) closeSync(fd);
  const { received } = yield* line.until(({ ended }) => ended);
  line.destroy();

  // Once more, with a handler that closes the server: its retry must find nothing to do.
  const closing = yield* loop.createServer(() => new Greeter(), '127.0.0.1', 0);
  const closed = loop.createFuture<void>();
  loop.setExceptionHandler(() => {
    closing.close();
    closed.setResult();
  });
  const second = yield* comeLast(portOf(closing));
  yield* closed;
  for (const fd of second.hoard) closeSync(fd);
  yield* closing.waitClosed();
  yield* sleep(1.1);
  second.line.destroy();

  const [first] = reports;
  const exception = first?.exception as NodeJS.ErrnoException | undefined;
  const result = {
    messages: reports.map(({ message }) => message),
    code: exception?.code,
    syscall: exception?.syscall,
    socketIsTheServers: first?.socket?.getsockname()[1] === portOf(server),
    servedAfterwards: received === 'welcome'.length,
    closedInHandler: !closing.isServing(),
  };
  server.close();
  return result;
}

await tell(main);
