// The errors of the package. Each has a stable `code`; asyncio's classes keep their names, and Python's
// built-in ones are mapped as api.md says (ValueError → RangeError, OSError → Node's system error).

/**
 * An operation that is not possible in the present state. asyncio: `RuntimeError`.
 *
 * @example
 * const loop = newEventLoop();
 * loop.close();
 * try { loop.callSoon(console.log); } catch (error) { console.log(error.code); } // ERR_LOOP_CLOSED
 */
export class RuntimeError extends Error {
  /** Stable name of the case, e.g. `ERR_LOOP_CLOSED`. */
  readonly code: string;
  constructor(message: string, code = 'ERR_RUNTIME') {
    super(message);
    this.name = 'RuntimeError';
    this.code = code;
  }
}

/**
 * A method or an option that this platform or this class does not have. asyncio: `NotImplementedError`.
 *
 * @example
 * class Minimal extends AbstractEventLoop {}
 * try { new Minimal().callSoon(console.log); } catch (error) { console.log(error.message); } // Minimal has no callSoon()
 */
export class NotImplementedError extends RuntimeError {
  constructor(message = 'not implemented', code = 'ERR_NOT_IMPLEMENTED') {
    super(message, code);
    this.name = 'NotImplementedError';
  }
}

/**
 * The operation has been cancelled. asyncio: `CancelledError`. Who catches it to clean up throws it again.
 *
 * @example
 * try { yield* sleep(60); } catch (error) {
 *   if (error instanceof CancelledError) console.log('cancelled:', error.message);
 *   throw error;
 * }
 */
export class CancelledError extends Error {
  readonly code = 'ERR_CANCELLED';
  constructor(message = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'CancelledError';
  }
}

/**
 * The time is up. asyncio: `TimeoutError`. Its `cause` is the CancelledError that ended what took too long.
 *
 * @example
 * try { yield* waitFor(sleep(60), 1); } catch (error) { console.log(error instanceof TimeoutError); } // true
 */
export class TimeoutError extends Error {
  readonly code = 'ERR_TIMEOUT';
  constructor(message = 'timed out', options?: ErrorOptions) {
    super(message, options);
    this.name = 'TimeoutError';
  }
}

/**
 * The error of a cancellation by `message`: a text, or anything else (an AbortSignal's reason), which becomes the
 * `cause`. @internal
 */
export function cancelledBy(message: unknown): CancelledError {
  if (message === undefined || message === null) return new CancelledError();
  if (typeof message === 'string') return new CancelledError(message);
  return new CancelledError(message instanceof Error ? message.message : String(message), { cause: message });
}

/**
 * A future that is not in the state for this. asyncio: `InvalidStateError`.
 *
 * @example
 * const future = loop.createFuture();
 * try { future.result(); } catch (error) { console.log(error.message); } // Result is not ready.
 */
export class InvalidStateError extends Error {
  readonly code = 'ERR_INVALID_STATE';
  constructor(message: string) {
    super(message);
    this.name = 'InvalidStateError';
  }
}

/**
 * A barrier that was broken, or reset while a task waited. asyncio: `BrokenBarrierError`.
 *
 * @example
 * const barrier = new Barrier(2);
 * yield* barrier.abort();
 * try { yield* barrier.wait(); } catch (error) { console.log(error instanceof BrokenBarrierError); } // true
 */
export class BrokenBarrierError extends RuntimeError {
  constructor(message: string) {
    super(message, 'ERR_BROKEN_BARRIER');
    this.name = 'BrokenBarrierError';
  }
}

/**
 * A worker of an executor ended before it answered; or the executor is broken for good, because its workers can't even
 * be prepared. Only the job that the worker had fails, and another worker takes its place. concurrent.futures:
 * `BrokenExecutor`.
 *
 * @example
 * try { yield* loop.runInExecutor(null, () => process.exit(3)); } catch (error) {
 *   console.log(error instanceof BrokenExecutor); // true
 * }
 */
export class BrokenExecutor extends RuntimeError {
  constructor(message: string, options?: ErrorOptions, code = 'ERR_BROKEN_EXECUTOR') {
    super(message, code);
    this.name = 'BrokenExecutor';
    if (options !== undefined && 'cause' in options) this.cause = options.cause;
  }
}

/**
 * A thread of a ThreadPoolExecutor ended before it answered. concurrent.futures: `BrokenThreadPool`.
 *
 * @example
 * try { yield* toThread(() => process.exit(3)); } catch (error) {
 *   console.log(String(error)); // BrokenThreadPool: (anonymous)() has no result: its worker called process.exit(3)
 * }
 */
export class BrokenThreadPool extends BrokenExecutor {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_BROKEN_THREAD_POOL');
    this.name = 'BrokenThreadPool';
  }
}

/**
 * A process of a ProcessPoolExecutor ended before it answered. concurrent.futures: `BrokenProcessPool`.
 *
 * @example
 * const executor = new ProcessPoolExecutor();
 * try { yield* executor.submit(() => process.kill(process.pid, 'SIGKILL')); } catch (error) {
 *   console.log(error instanceof BrokenProcessPool); // true
 * }
 */
export class BrokenProcessPool extends BrokenExecutor {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'ERR_BROKEN_PROCESS_POOL');
    this.name = 'BrokenProcessPool';
  }
}

/**
 * `getNowait()` of an empty queue. asyncio: `QueueEmpty`.
 *
 * @example
 * try { new Queue().getNowait(); } catch (error) { console.log(error instanceof QueueEmpty); } // true
 */
export class QueueEmpty extends Error {
  readonly code = 'ERR_QUEUE_EMPTY';
  constructor(message = 'the queue is empty: get() waits for an item') {
    super(message);
    this.name = 'QueueEmpty';
  }
}

/**
 * `putNowait()` to a full queue. asyncio: `QueueFull`.
 *
 * @example
 * const queue = new Queue(1);
 * queue.putNowait('first');
 * try { queue.putNowait('second'); } catch (error) { console.log(error instanceof QueueFull); } // true
 */
export class QueueFull extends Error {
  readonly code = 'ERR_QUEUE_FULL';
  constructor(message = 'the queue is full: put() waits for a free place') {
    super(message);
    this.name = 'QueueFull';
  }
}

/**
 * Use of a queue after its `shutdown()`. asyncio: `QueueShutDown`.
 *
 * @example
 * const queue = new Queue();
 * queue.shutdown();
 * try { yield* queue.get(); } catch (error) { console.log(error instanceof QueueShutDown); } // true
 */
export class QueueShutDown extends Error {
  readonly code = 'ERR_QUEUE_SHUT_DOWN';
  constructor(message = 'the queue was shut down') {
    super(message);
    this.name = 'QueueShutDown';
  }
}

/**
 * The system can't send this file by itself, and `fallback` is false. Its `cause` is the system's error. asyncio:
 * `SendfileNotAvailableError`.
 *
 * @example
 * const [pipe] = process.argv.slice(2).map((path) => openSync(path, 'r'));
 * try { yield* loop.sendfile(transport, pipe, 0, null, { fallback: false }); } catch (error) {
 *   console.log(error instanceof SendfileNotAvailableError); // true for a pipe
 * }
 */
export class SendfileNotAvailableError extends RuntimeError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_SENDFILE_NOT_AVAILABLE');
    this.name = 'SendfileNotAvailableError';
    if (options !== undefined && 'cause' in options) this.cause = options.cause;
  }
}

/**
 * The stream ended before what was asked for had come. asyncio: `IncompleteReadError`.
 *
 * @example
 * try { yield* reader.readexactly(100); } catch (error) {
 *   if (error instanceof IncompleteReadError) console.log('only', error.partial.length); // what came is not lost
 * }
 */
export class IncompleteReadError extends Error {
  readonly code = 'ERR_INCOMPLETE_READ';
  /** What came before the end. */
  readonly partial: Buffer;
  /** How many bytes were asked for; null where that was a separator. */
  readonly expected: number | null;
  constructor(partial: Buffer, expected: number | null) {
    super(`${partial.length} bytes read on a total of ${expected ?? 'undefined'} expected bytes`);
    this.name = 'IncompleteReadError';
    this.partial = partial;
    this.expected = expected;
  }
}

/**
 * No separator within the limit of a stream. asyncio: `LimitOverrunError`. The bytes are still there to be read.
 *
 * @example
 * try { yield* reader.readuntil(); } catch (error) {
 *   if (error instanceof LimitOverrunError) yield* reader.readexactly(error.consumed); // away with them
 * }
 */
export class LimitOverrunError extends Error {
  readonly code = 'ERR_LIMIT_OVERRUN';
  /** How many bytes can be read before a separator may begin. */
  readonly consumed: number;
  constructor(message: string, consumed: number) {
    super(message);
    this.name = 'LimitOverrunError';
    this.consumed = consumed;
  }
}

/**
 * An error that ends the loop's run at once instead of going to the exception handler. It plays the part of
 * Python's BaseException.
 *
 * @example
 * class Restart extends ExitError {}
 * loop.callSoon(() => { throw new Restart('configuration has changed'); }); // run() rejects with it
 */
export class ExitError extends Error {
  readonly code: string;
  constructor(message = '', code = 'ERR_EXIT') {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * The user pressed Ctrl-C. asyncio: `KeyboardInterrupt`. It ends the run, as every ExitError; `run` and its kin raise it. A
 * program that does not catch it ends by SIGINT, without a stack.
 *
 * @example
 * await run(main).catch((error) => { if (error instanceof KeyboardInterrupt) console.log('bye'); else throw error; });
 */
export class KeyboardInterrupt extends ExitError {
  constructor(message = '') {
    super(message, 'ERR_KEYBOARD_INTERRUPT');
  }
}

/**
 * The program wants to end. asyncio: `SystemExit`. It ends the run, as every ExitError.
 *
 * @example
 * run(function* () { throw new SystemExit('enough'); }).catch((error) => console.log(error.message)); // enough
 */
export class SystemExit extends ExitError {
  constructor(message = '') {
    super(message, 'ERR_SYSTEM_EXIT');
  }
}

/** A TypeError with a stable code. @internal */
export function typeError(message: string, code = 'ERR_INVALID_ARG_TYPE'): TypeError {
  return Object.assign(new TypeError(message), { code });
}

/** A RangeError with a stable code (asyncio's ValueError). @internal */
export function rangeError(message: string, code = 'ERR_INVALID_ARG_VALUE'): RangeError {
  return Object.assign(new RangeError(message), { code });
}

/**
 * A delay or a point in time that may be left open, checked.
 * @throws TypeError unless it is a number or null, RangeError for NaN.
 * @internal
 */
export function secondsOrNull(value: unknown, name: string): number | null {
  if (value === null) return null;
  if (typeof value !== 'number')
    throw typeError(`${name} must be a number of seconds or null, got ${given(value)}`);
  if (Number.isNaN(value)) throw rangeError(`${name} must be a number of seconds or null, got NaN`);
  return value;
}

/** A short, safe description of a value that was given where another was expected. @internal */
export function given(value: unknown): string {
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 60))}`;
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (typeof value === 'object' && value !== null) {
    const name: unknown = value.constructor?.name;
    return typeof name === 'string' && name !== 'Object' ? `an instance of ${name}` : 'an object';
  }
  return String(value);
}
