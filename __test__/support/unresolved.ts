// A program with few descriptors (listener.test.ts starts it): it uses them up, and asks for the address of a name. It
// tells as JSON what the task that waits for the connection gets. The run mode is its argument.

import { type Coroutine, type EventLoop, Protocol } from 'mioloop';
import { Hoard, tell } from './few-descriptors.js';

/** Seconds after which an answer will not come. */
const GIVE_UP = 10;

function* main(loop: EventLoop): Coroutine<unknown> {
  const reports: string[] = [];
  loop.setExceptionHandler((_loop, { message, exception }) => {
    reports.push(`${message}: ${String(exception)}`);
  });
  // Once before, so that the resolver has its thread and its libraries.
  yield* outcome(loop);
  using _hoard = new Hoard();
  const error = yield* outcome(loop);
  return {
    isError: error instanceof Error,
    hasCode: typeof (error as NodeJS.ErrnoException).code === 'string',
    reports,
  };
}

function* outcome(loop: EventLoop): Coroutine<unknown> {
  const connecting = loop.createConnection(() => new Protocol(), 'localhost', 9);
  const alarm = loop.callLater(GIVE_UP, () => connecting.cancel('no answer came'));
  try {
    yield* connecting;
    return undefined;
  } catch (error) {
    return (error as Error).name === 'CancelledError' ? 'no answer came' : error;
  } finally {
    alarm.cancel();
  }
}

await tell(main);
