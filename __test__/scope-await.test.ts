// What an async function awaits of timeouts, groups and `waitFor` ends for it as for a coroutine of asyncio: no turn lies
// between the end of the body and the function's own next step, in which a cancel could lose what was got.

import {
  allTasks,
  CancelledError,
  type Coroutine,
  type EventLoop,
  KeyboardInterrupt,
  Lock,
  Queue,
  sleep,
  type Task,
  taskGroup,
  timeout,
  waitFor,
} from 'mioloop';
import { bothModes, inLoop } from './support/modes.js';

/** Waits until the task has ended, however. */
function* ended(task: Task<unknown>): Coroutine<void> {
  while (!task.done()) yield* sleep(0);
}

const WAYS: Record<string, (queue: Queue<string>) => Promise<string>> = {
  'waitFor()': async (queue) => await waitFor(queue.get(), 1),
  'timeout() of a generator': async (queue) =>
    await timeout(1, function* () {
      return yield* queue.get();
    }),
  'timeout() of an async function': async (queue) => await timeout(1, async () => await queue.get()),
  'taskGroup() of an async function': async (queue) => await taskGroup(async () => await queue.get()),
};

for (const [name, get] of Object.entries(WAYS)) {
  inLoop(
    `${name} in an async function: a cancel, whenever it comes, loses no item (B79, B85)`,
    function* (t, loop) {
      for (let turns = 0; turns < 6; turns++) {
        const queue = new Queue<string>();
        const got: string[] = [];
        const task = loop.createTask(async () => {
          got.push(await get(queue));
        });
        yield* sleep(0);
        yield* sleep(0);
        queue.putNowait('item');
        for (let turn = 0; turn < turns; turn++) yield* sleep(0);
        task.cancel();
        yield* ended(task);
        t.is(got.length + queue.qsize(), 1, `cancelled ${turns} turns behind the put`);
      }
    },
  );
}

inLoop(
  'a lock that was got at the last moment is held by its task, not lost (B79, B84)',
  function* (t, loop) {
    for (let turns = 0; turns < 6; turns++) {
      const lock = new Lock();
      yield* lock.acquire();
      const task = loop.createTask(async () => {
        using guard = await timeout(1, async () => await lock.acquire());
        await sleep(3600);
        guard.release();
      });
      yield* sleep(0);
      yield* sleep(0);
      lock.release();
      for (let turn = 0; turn < turns; turn++) yield* sleep(0);
      task.cancel();
      yield* ended(task);
      t.false(lock.locked(), `cancelled ${turns} turns behind the release`);
    }
  },
);

inLoop(
  "a cancel that a group's errors hide comes again at the async function's next wait (B81)",
  function* (t, loop) {
    const log: string[] = [];
    const task = loop.createTask(async () => {
      try {
        await taskGroup(async (group) => {
          group.createTask(async () => {
            try {
              await sleep(3600);
            } catch {
              throw new Error('child');
            }
          });
          await sleep(3600);
        });
      } catch (error) {
        log.push(String((error as AggregateError).errors));
      }
      await sleep(0);
      log.push('went on');
    });
    for (let turn = 0; turn < 3; turn++) yield* sleep(0);
    task.cancel();
    yield* ended(task);
    t.deepEqual(log, ['Error: child']);
    t.true(task.cancelled());
  },
);

bothModes(
  'an ExitError in a body that an async function awaits is first its own: it may clean up (B10, B81)',
  async (t, { loop, run }) => {
    const log: string[] = [];
    await run(
      loop.createTask(async () => {
        try {
          await timeout(1, async () => {
            await sleep(0);
            throw new KeyboardInterrupt('inside');
          });
        } catch (error) {
          log.push(String(error));
        }
      }),
    );
    t.deepEqual(log, ['KeyboardInterrupt: inside']);
  },
);

inLoop('the tasks that carry scopes are gone with them', function* (t, loop: EventLoop) {
  const task = loop.createTask(async () => {
    const error = await timeout(0.001, async () => await sleep(3600)).catch((reason: unknown) => reason);
    t.is((error as Error).name, 'TimeoutError');
    t.true((error as Error).cause instanceof CancelledError);
  });
  yield* task;
  t.is(allTasks(loop).size, 1);
});
