// Keeps a program running: one that crashes is started again, after a pause that grows. Ctrl-C ends both.
// `supervisor.js program [arguments…]`
import {
  CancelledError,
  type Coroutine,
  createSubprocessExec,
  getRunningLoop,
  type Process,
  run,
  sleep,
  waitFor,
} from 'mioloop';

/** Seconds before the first restart; each further one takes twice as long. */
const FIRST_PAUSE = 0.1;
const LONGEST_PAUSE = 5;
/** Seconds after which a program that crashes has run well: the pauses begin anew. */
const STABLE = 10;
/** Seconds that a program has to end when it is asked to. */
const GRACE = 3;

/** Runs the program again and again, until it ends well. */
function* supervise(program: string, args: string[]): Coroutine<void> {
  const loop = getRunningLoop();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const began = loop.time();
    const code = yield* runOnce(program, args);
    if (code === 0) return;
    if (loop.time() - began > STABLE) pause = FIRST_PAUSE;
    const how = code < 0 ? `was ended by signal ${-code}` : `ended with ${code}`;
    console.log(`${program} ${how}; again in ${pause} s`);
    yield* sleep(pause);
  }
}

/** Runs the program, and stops it when this is cancelled. */
function* runOnce(program: string, args: string[]): Coroutine<number> {
  // In a session of its own, the terminal's Ctrl-C reaches us alone.
  const child = yield* createSubprocessExec(program, args, { startNewSession: true });
  console.log(`${program} runs as ${child.pid}`);
  try {
    return yield* child.wait();
  } finally {
    if (child.returncode === null) yield* stop(child);
  }
}

function* stop(child: Process): Coroutine<void> {
  child.terminate();
  try {
    yield* waitFor(child.wait(), GRACE);
  } catch {
    child.kill();
    yield* child.wait();
  }
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: supervisor.js <program> [arguments…]');
await run(function* () {
  try {
    yield* supervise(program, args);
  } catch (error) {
    // Ctrl-C has cancelled us, and the program is stopped.
    if (!(error instanceof CancelledError)) throw error;
    console.log(`${program} was stopped`);
  }
});
