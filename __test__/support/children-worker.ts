// Children of a loop in a worker thread: started, spoken with, killed.

import { parentPort, workerData } from 'node:worker_threads';
import { createSubprocessExec, createSubprocessShell, gather, PIPE, run, runSync } from 'mioloop';

export interface Report {
  outputs: string[];
  returncodes: number[];
  environment: string;
}

function* main() {
  const shouting = [0, 1, 2, 3, 4].map(function* (index) {
    const child = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
    const [output] = yield* child.communicate(Buffer.from(`child ${index}`));
    return String(output);
  });
  const ending = [0, 1, 2, 3, 4].map(function* (index) {
    const child = yield* createSubprocessExec('sleep', ['1000']);
    child.sendSignal(index + 1);
    return yield* child.wait();
  });
  // A worker has an environment of its own.
  process.env.MIOLOOP_TEST_WORKER = 'of the worker';
  const child = yield* createSubprocessShell('echo $MIOLOOP_TEST_WORKER', { stdout: PIPE });
  const [environment] = yield* child.communicate();
  return {
    outputs: yield* gather(...shouting),
    returncodes: yield* gather(...ending),
    environment: String(environment),
  } as Report;
}

const report = workerData === 'hosted' ? await run(main) : runSync(main);
parentPort!.postMessage(report);
