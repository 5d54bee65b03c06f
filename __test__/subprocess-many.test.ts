// Many children at once, children beside Node's own, children of several loops and threads: each end is seen once, and
// nobody sees another's.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { createSubprocessExec, createSubprocessShell, gather, newEventLoop, PIPE, sleep } from 'mioloop';
import { ChildProbe, children } from './support/children.js';
import type { Report } from './support/children-worker.js';
import { limitChildren } from './support/internals.js';
import { descriptors, watched } from './support/leaks.js';
import { inLoop, MODES } from './support/modes.js';
import { Random } from './support/random.js';

const MANY = 500;
/** Seconds within which each of them is killed. */
const SPAN = 0.5;
const SOME = 40;

const INHERIT = { stdin: null, stdout: null, stderr: null };

inLoop(
  '500 children at once, each killed at a random time: every end is seen once (B172, B181)',
  function* (t, loop) {
    const random = new Random(500);
    const opened = descriptors().size;
    const probes = [];
    for (let count = 0; count < MANY; count++) {
      const probe = new ChildProbe(loop);
      const options = count % 5 === 0 ? { ...INHERIT, stdout: PIPE } : INHERIT;
      const [transport] = yield* loop.subprocessExec(() => probe, '/bin/sleep', ['1000'], options);
      const kill = random.below(2) === 0 ? () => transport.kill() : () => transport.close();
      loop.callLater((random.below(1000) / 1000) * SPAN, kill);
      probes.push(probe);
    }
    yield* gather(...probes.map((probe) => probe.lost));
    for (const [count, { events }] of probes.entries()) {
      const expected =
        count % 5 === 0 ? ['exited -9', 'lost', 'lost 1', 'made'] : ['exited -9', 'lost', 'made'];
      t.deepEqual([...events].sort(), expected);
    }
    const left = children();
    for (const { transport } of probes) t.false(left.has(transport.getPid()));
    t.true(descriptors().size <= opened);
  },
);

inLoop('where there are no pidfds, threads see the ends (B181)', function* (t, loop) {
  limitChildren(loop, true, true);
  const probes = [];
  for (let count = 0; count < SOME; count++) {
    const probe = new ChildProbe(loop);
    const [transport] = yield* loop.subprocessExec(() => probe, 'cat', [], { umask: 0o77, cwd: '/' });
    if (count % 2 === 0) transport.getPipeTransport(0)!.write(Buffer.from('x'));
    if (count % 4 < 2) loop.callLater(count / 200, () => transport.kill());
    else loop.callLater(count / 200, () => transport.getPipeTransport(0)!.close());
    probes.push(probe);
  }
  yield* gather(...probes.map((probe) => probe.lost));
  for (const [count, { events, output, transport }] of probes.entries()) {
    t.is(transport.getReturncode(), count % 4 < 2 ? -9 : 0);
    t.is(events.filter((event) => event.startsWith('exited')).length, 1);
    if (count % 4 === 2) t.is(output.get(1), 'x');
    t.throws(() => transport.kill(), { code: 'ESRCH' });
  }
});

inLoop('one child after another leaves nothing behind (B181)', function* (t) {
  const before = children().size;
  yield* (yield* createSubprocessExec('/bin/true')).wait();
  const opened = descriptors().size;
  for (let count = 0; count < 200; count++) {
    const child = yield* createSubprocessExec('/bin/sh', ['-c', `exit ${count % 128}`], { stdout: PIPE });
    yield* child.communicate();
    if (child.returncode !== count % 128) t.fail(`${child.returncode} instead of ${count % 128}`);
  }
  t.is(descriptors().size, opened);
  t.is(children().size, before);
});

test.serial(
  'children beside Node’s: each side sees the ends of its own, and all of them (B181)',
  async (t) => {
    const loop = watched(newEventLoop());
    const random = new Random(40);
    const theirs: Promise<unknown>[] = [];
    const main = function* () {
      const ours = [];
      for (let count = 0; count < SOME; count++) {
        // By turns; some end by themselves, some are killed.
        const script = `sleep 0.0${random.below(9)}; exit ${count}`;
        const node = spawn('sh', ['-c', count % 4 === 0 ? 'exec sleep 1000' : script], { stdio: 'ignore' });
        if (count % 4 === 0) loop.callLater(random.below(100) / 1000, () => node.kill('SIGUSR1'));
        theirs.push(once(node, 'exit'));
        const own = yield* createSubprocessShell(count % 4 === 1 ? 'exec sleep 1000' : script);
        if (count % 4 === 1) loop.callLater(random.below(100) / 1000, () => own.sendSignal('SIGUSR2'));
        ours.push(own);
        if (count % 10 === 0) t.is(spawnSync('sh', ['-c', 'exit 9']).status, 9);
      }
      return yield* gather(...ours.map((own) => own.wait()));
    };
    const codes = await loop.runUntilComplete(main());
    const ends = await Promise.all(theirs);
    for (let count = 0; count < SOME; count++) {
      t.is(codes[count], count % 4 === 1 ? -12 : count);
      t.deepEqual(ends[count], count % 4 === 0 ? [null, 'SIGUSR1'] : [count, null]);
    }
    loop.close();
  },
);

test.serial('a child of Node’s that ends during a blocking run is seen behind it (B181)', async (t) => {
  const loop = watched(newEventLoop());
  const node = spawn('sh', ['-c', 'exit 3'], { stdio: 'ignore' });
  const exit = once(node, 'exit');
  const code = loop.runUntilCompleteSync(
    (function* () {
      const own = yield* createSubprocessExec('sh', ['-c', 'sleep 0.05; exit 4']);
      return yield* own.wait();
    })(),
  );
  t.is(code, 4);
  t.deepEqual(await exit, [3, null]);
  loop.close();
});

test.serial('several loops of one thread have children of their own (B181)', async (t) => {
  const loops = [1, 2, 3].map(() => watched(newEventLoop()));
  const runs = loops.map((loop, index) =>
    loop.runUntilComplete(
      (function* () {
        const codes = [];
        for (let count = 0; count < 10; count++) {
          const child = yield* createSubprocessExec('sh', ['-c', `exit ${10 * index + count}`]);
          yield* sleep(0);
          codes.push(yield* child.wait());
        }
        return codes;
      })(),
    ),
  );
  const codes = (await Promise.all(runs)).flat();
  t.deepEqual(
    codes,
    codes.map((_, index) => index),
  );
  for (const loop of loops) loop.close();
});

for (const mode of MODES) {
  test.serial(`children of loops in worker threads (B181) [${mode}]`, async (t) => {
    const file = new URL('./support/children-worker.js', import.meta.url);
    const workers = [1, 2, 3].map(() => new Worker(file, { workerData: mode }));
    const reports = workers.map(async (worker) => {
      const exit = once(worker, 'exit');
      const [report] = (await once(worker, 'message')) as [Report];
      await exit;
      return report;
    });
    for (const report of await Promise.all(reports)) {
      t.deepEqual(report, {
        outputs: [0, 1, 2, 3, 4].map((index) => `child ${index}`),
        returncodes: [-1, -2, -3, -4, -5],
        environment: 'of the worker\n',
      });
    }
  });
}
