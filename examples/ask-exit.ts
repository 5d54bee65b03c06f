// Shows addSignalHandler: SIGINT and SIGTERM stop a loop that would run for an hour.
import { type EventLoop, getRunningLoop, RuntimeError, run, sleep } from 'mioloop';

function askExit(name: string, loop: EventLoop): void {
  console.log(`got signal ${name}: exit`);
  loop.stop();
}

function* main() {
  const loop = getRunningLoop();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    loop.addSignalHandler(name, askExit, name, loop);
  }
  // Only now is it safe to press Ctrl-C, or to send a signal
  console.log('Event loop running for 1 hour, press Ctrl-C to interrupt.');
  console.log(`pid ${process.pid}: send SIGINT or SIGTERM to exit.`);

  yield* sleep(3600);
}

try {
  await run(main);
} catch (error) {
  // The loop was stopped before main was done
  if (!(error instanceof RuntimeError)) throw error;
  console.log(error.message);
}
