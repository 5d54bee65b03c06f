"""Plays the programs that come as lines of JSON on stdin, each on CPython's loop in virtual time.

The TypeScript side is play.ts, name for name. Prints each trace under a "## seed" line.
"""

import asyncio
import contextvars
import inspect
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'python'))

from lock_steps import LockSteps
from virtual import VirtualLoop
from wait_steps import WaitSteps
from words import Boom, shown, told

PATIENCE = 16  # seconds, until the harness begins to cancel what is left
SWEEP = 1  # seconds it waits each time

variable = contextvars.ContextVar('variable', default='unset')


def outcome_of(task):
    if task.cancelled():
        return f'cancelled, {task.cancelling()} requests'
    error = task.exception()
    return task.result() if error is None else told(error)


class Player(LockSteps, WaitSteps):
    def __init__(self, loop, program):
        self.loop = loop
        self.program = program
        self.lines = []
        self.tasks = {}
        self.timers = {}
        self.futures = [loop.create_future() for _ in range(program['futures'])]
        self.make_shared(program)
        self._waits = {}  # how often each task was waited for
        loop.set_exception_handler(self._on_exception)

    def _on_exception(self, _loop, context):
        if not context['message'].endswith('was never retrieved'):
            self.log('handler', told(context.get('exception')))

    def log(self, who, what):
        self.lines.append(f'time {shown(self.loop.time())} turn {self.loop.turns}: {who} {what}')

    async def main(self):
        self.spawn(0)
        await asyncio.sleep(PATIENCE)
        while left := [(number, task) for number, task in self.tasks.items() if not task.done()]:
            self.log('harness', f'sweeps {" ".join(f"t{number}" for number, _ in left)}')
            for _, task in left:
                task.cancel('swept')
            await asyncio.sleep(SWEEP)

    def spawn(self, number, create=None):
        name = f't{number}'
        task = (create or self.loop.create_task)(self.body(number), name=name)
        self.tasks[number] = task
        task.add_done_callback(lambda _: self.log(name, f'is done: {outcome_of(task)}'))
        return task

    async def body(self, number):
        self.log(f't{number}', 'starts')
        await self.steps(f't{number}', self.program['tasks'][number])
        return f'r{number}'

    async def steps(self, me, steps):
        for step in steps:
            waiting = self.act(me, step)
            if inspect.iscoroutine(waiting):
                await waiting

    def found(self, me, numbers):
        """Those tasks that are there."""
        tasks = [self.tasks[number] for number in numbers if number in self.tasks]
        if not tasks:
            self.log(me, f'finds no t{" t".join(map(str, numbers))}')
        return tasks

    async def waiting(self, tasks, awaitable):
        """Waits for what stands on those tasks.

        CPython gives the message of a cancelled task to the first who asks for it, so it is left out where several may.
        """
        for task in tasks:
            self._waits[task] = self._waits.get(task, 0) + 1
        try:
            return await awaitable
        except asyncio.CancelledError:
            if any(self._waits[task] > 1 for task in tasks):
                raise asyncio.CancelledError from None
            raise

    def act(self, me, step):
        options = {key: value for key, value in step.items() if key != 'do'}
        return getattr(self, 'do_' + step['do'].replace('-', '_'))(me, **options)

    # ---- what does not wait

    def do_tell(self, me):
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        requests = f', requests {task.cancelling()}' if task else ''
        self.log(me, f'tells: {variable.get()}, in {task.get_name() if task else "no task"}{requests}')

    def do_raise(self, me, text):
        raise Boom(text)

    def do_cancel(self, me, task, message):
        for found in self.found(me, [task]):
            self.log(me, f'cancels t{task}: {shown(found.cancel(message))}')

    def do_settle(self, me, future, how):
        found = self.futures[future]
        if found.done():
            self.log(me, f'finds f{future} done')
            return
        if how == 'result':
            found.set_result(f'of f{future}')
        elif how == 'error':
            found.set_exception(Boom(f'of f{future}'))
        else:
            found.cancel(f'f{future}')
        self.log(me, f'settles f{future}: {how}')

    def do_stop_timer(self, me, timer):
        found = self.timers.get(timer)
        self.log(me, f'stops timer {timer}: {shown(found.cancelled()) if found else "none"}')
        if found:
            found.cancel()

    def do_set_variable(self, me, value):
        variable.set(value)

    def do_uncancel(self, me):
        self.log(me, f'uncancels: {asyncio.current_task().uncancel()} left')

    def do_spawn(self, me, task):
        self.spawn(task)
        self.log(me, f'spawned t{task}')

    def do_soon(self, me, action):
        self.loop.call_soon(self.act, 'callback', action)

    def do_later(self, me, timer, delay, action):
        self.timers[timer] = self.loop.call_later(delay, self.act, 'callback', action)

    # ---- what waits

    async def do_sleep(self, me, seconds):
        await asyncio.sleep(seconds)
        self.log(me, f'slept {shown(seconds)}')

    async def do_turns(self, me, count):
        for _ in range(count):
            await asyncio.sleep(0)
        self.log(me, f'let {count} turns pass')

    async def do_await(self, me, task):
        found = self.found(me, [task])
        for each in found:
            self.log(me, f'got {await self.waiting(found, each)}')

    async def do_wait(self, me, future):
        self.log(me, f'got {await self.futures[future]}')

    async def do_delegate(self, me, steps):
        await self.steps(me, steps)

    async def do_try(self, me, steps):
        try:
            await self.steps(me, steps)
        except BaseException as error:
            self.log(me, f'caught {told(error)}')

    async def do_finally(self, me, steps, cleanup):
        try:
            await self.steps(me, steps)
        finally:
            self.log(me, 'cleans up')
            await self.steps(me, cleanup)
            self.log(me, 'is clean')


def play(program):
    loop = VirtualLoop()
    player = Player(loop, program)
    loop.run_until_complete(player.main())
    loop.close()
    return player.lines


if __name__ == '__main__':
    assert sys.version_info[:2] == (3, 13), "the traces are CPython 3.13's"
    for line in sys.stdin:
        program = json.loads(line)
        print(f'## {program["seed"]}')
        print('\n'.join(play(program)))
