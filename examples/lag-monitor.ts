// Who holds the loop up? A monitor prints how busy the loop was and how late its timers came; an instrument knows the
// task with the longest step. Here a task that computes for too long shows up twice in a second.
import { type EventLoop, getRunningLoop, type Instrument, run, sleep, type Task } from 'mioloop';

const PERIOD_SECONDS = 0.5;
const PERIODS = 3;

/** Finds the longest step. */
class LongestStep implements Instrument {
  seconds = 0;
  task = '';
  #begun = 0;

  beforeTaskStep(): void {
    this.#begun = performance.now();
  }

  afterTaskStep(task: Task<unknown>): void {
    const seconds = (performance.now() - this.#begun) / 1e3;
    if (seconds <= this.seconds) return;
    this.seconds = seconds;
    this.task = task.getName();
  }
}

function* monitor(loop: EventLoop) {
  for (let period = 0; period < PERIODS; period++) {
    const longest = new LongestStep();
    loop.addInstrument(longest);
    const before = loop.metrics();
    yield* sleep(PERIOD_SECONDS);
    const now = loop.metrics();
    loop.removeInstrument(longest);
    const busy = now.busySeconds - before.busySeconds;
    const share = busy / (busy + now.idleSeconds - before.idleSeconds);
    const lag = now.lag.since(before.lag);
    console.log(
      `${(share * 100).toFixed()} % busy; timers late: half below ${milliseconds(lag.percentile(50))}, all below ` +
        `${milliseconds(lag.percentile(100))}; the longest step: ${milliseconds(longest.seconds)}, ${longest.task}`,
    );
  }
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1e3).toPrecision(3)} ms`;
}

/** Has something to do every 10 ms, and wants to be on time. */
function* heartbeat() {
  for (;;) yield* sleep(0.01);
}

/** Computes for 60 ms without a pause. */
function* computing() {
  for (;;) {
    yield* sleep(0.2);
    const end = performance.now() + 60;
    while (performance.now() < end);
  }
}

await run(function* () {
  const loop = getRunningLoop();
  // What is left when the monitor ends, `run` cancels.
  loop.createTask(heartbeat(), { name: 'heartbeat' });
  loop.createTask(computing(), { name: 'computing' });
  yield* monitor(loop);
});
