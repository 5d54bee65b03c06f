"""Futures and tasks."""

import asyncio

from twin import Boom, play, said, scenario, script, tried, word


@scenario('done-callbacks')
async def done_callbacks(twin):
    future = twin.loop.create_future()
    future.add_done_callback(twin.logger('done callback 1'))
    future.add_done_callback(twin.logger('done callback 2'))
    twin.loop.call_soon(twin.logger('soon, before the result'))
    future.set_result('x')
    twin.log('result set')
    future.add_done_callback(twin.logger('done callback 3, added when done'))
    twin.log(f'awaited {await future}')
    await twin.turns(1)
    twin.log('a turn later')


@script('run-until-complete')
def run_until_complete(twin):
    async def main():
        twin.log('main starts')
        await asyncio.sleep(0)
        twin.log('main after sleep(0)')
        await asyncio.sleep(0)
        twin.loop.call_soon(twin.logger('soon, in the turn in which main returns'))
        twin.log('main returns')
        return 'value'

    twin.loop.call_soon(twin.logger('soon, before the run'))
    twin.log(f'returned {twin.loop.run_until_complete(main())}')
    twin.log(f'done already: {twin.loop.run_until_complete(done(twin.loop))}')


def done(loop):
    future = loop.create_future()
    future.set_result('value')
    return future


@scenario('task-awaits-task')
async def task_awaits_task(twin):
    async def inner():
        twin.log('inner starts')
        await asyncio.sleep(0)
        twin.log('inner returns')
        return 7

    async def outer():
        twin.log('outer starts')
        task = twin.loop.create_task(inner())
        value = await task
        twin.log(f'outer got {value}')
        twin.log(f'outer awaited a done task: {await task}')
        return value

    task = twin.loop.create_task(outer())
    twin.log('created')
    twin.log(f'main got {await task}')
    twin.log(f'main delegated: {await inner()}')


@scenario('task-cancel')
async def task_cancel(twin):
    async def waits():
        try:
            await twin.loop.create_future()
        finally:
            twin.log('task cancelled inside')

    async def fails():
        twin.log('task raises')
        raise Boom

    task = twin.loop.create_task(waits())
    await twin.turns(2)
    twin.log(f'cancel: {task.cancel()}')
    try:
        await task
    except asyncio.CancelledError as error:
        twin.log(f'main got {word(error)}')
    early = twin.loop.create_task(waits())
    early.add_done_callback(twin.logger('cancelled before its first step: done'))
    early.cancel()
    twin.log('cancelled at once')
    await twin.turns(3)
    try:
        await twin.loop.create_task(fails())
    except Boom as error:
        twin.log(f'main got {word(error)}')


@scenario('task-errors')
async def task_errors(twin):
    async def fails(depth):
        if depth > 0:
            await twin.loop.create_task(fails(depth - 1))
        raise Boom(f'depth {depth}')

    task = twin.loop.create_task(fails(2))
    task.add_done_callback(lambda done: twin.log(f'done with {said(done.exception())}'))
    twin.log(await twin.outcome(task, said))
    twin.log(f'cancelled: {task.cancelled()}, result {tried(task.result, said)}')


@scenario('task-as-a-future')
async def task_as_a_future(twin):
    async def returns():
        await twin.turns(1)
        return 'value'

    task = twin.loop.create_task(returns())
    twin.log(f'set_result: {tried(lambda: task.set_result(1), said)}')
    twin.log(f'set_exception: {tried(lambda: task.set_exception(Boom()), said)}')
    twin.log(f'pending: result {tried(task.result)}, exception {tried(task.exception)}')
    twin.log(f'a future: {isinstance(task, asyncio.Future)}, of this loop: {task.get_loop() is twin.loop}')
    twin.log(f'awaited: {await task}, exception {task.exception()}')


@scenario('task-awaits-itself')
async def task_awaits_itself(twin):
    async def awaits_itself():
        await asyncio.current_task()

    async def recovers():
        twin.log(await twin.outcome(asyncio.current_task(), said))
        await twin.turns(1)
        return 'goes on'

    twin.log(await twin.outcome(twin.loop.create_task(awaits_itself()), said))
    twin.log(await twin.outcome(twin.loop.create_task(recovers())))


@scenario('task-names')
async def task_names(twin):
    async def nothing():
        pass

    coroutine = nothing()
    first = twin.loop.create_task(coroutine)
    second = twin.loop.create_task(nothing())
    named = twin.loop.create_task(nothing(), name='by hand')
    numbers = [int(task.get_name().removeprefix('Task-')) for task in (first, second)]
    twin.log(f'the next number: {numbers[1] - numbers[0]}, named {named.get_name()}')
    named.set_name(42)
    twin.log(f'renamed {named.get_name()}, a string: {isinstance(named.get_name(), str)}')
    third = twin.loop.create_task(nothing())
    twin.log(f'a name takes no number: {int(third.get_name().removeprefix("Task-")) - numbers[1]}')
    twin.log(f'its coroutine: {first.get_coro() is coroutine}')
    await third


@scenario('current-task')
async def current_task(twin):
    def current():
        task = asyncio.current_task()
        return task and task.get_name()

    async def tells(name, steps):
        for _ in range(steps):
            twin.log(f'{name} is {current()}')
            await asyncio.sleep(0)
        return await nested()

    async def nested():
        twin.loop.call_soon(lambda: twin.log(f'in a callback: {current()}'))
        return current()

    asyncio.current_task().set_name('main')
    tasks = [twin.loop.create_task(tells(name, 2), name=name) for name in ('a', 'b')]
    for task in tasks:
        task.add_done_callback(lambda _: twin.log(f'in a done callback: {current()}'))
        twin.log(f'{await task}, awaited by {current()}')
    twin.loop.call_later(0, lambda: twin.log(f'in a timer: {current()}'))
    await twin.turns(2)


@scenario('tree-of-tasks')
async def tree_of_tasks(twin):
    async def node(name, depth):
        if depth == 0:
            await asyncio.sleep(0)
            return 1
        children = [twin.loop.create_task(node(name + side, depth - 1)) for side in 'lr']
        total = 0
        for child in children:
            total += await child
        twin.log(f'{name} counts {total}')
        return total

    twin.log(f'main counts {await twin.loop.create_task(node("t", 3))}')


@scenario('task-takes-over')
async def task_takes_over(twin):
    async def quick():
        twin.log('quick')
        return 'at once'

    async def creates():
        task = twin.loop.create_task(quick())
        twin.log(f'created, done: {task.done()}')
        await asyncio.sleep(0)
        twin.log(f'a turn later, done: {task.done()}')
        return await task

    twin.log(await creates())
    twin.log(await twin.loop.create_task(creates()))


@scenario('task-ends-with-its-callbacks')
async def task_ends_with_its_callbacks(twin):
    async def ends(how):
        await twin.turns(1)
        if how == 'raises':
            raise Boom('text')
        if how == 'is cancelled':
            asyncio.current_task().cancel()
            await twin.turns(1)
        return how

    for how in ('returns', 'raises', 'is cancelled'):
        task = twin.loop.create_task(ends(how))
        task.add_done_callback(twin.logger(f'{how}: first callback'))
        twin.loop.create_task(twin.outcome(task)).add_done_callback(
            lambda done: twin.log(f'waiter: {done.result()}')
        )
        await twin.turns(2)
        task.add_done_callback(twin.logger(f'{how}: second callback'))
        twin.log(await twin.outcome(task, said))
        await twin.turns(2)


if __name__ == '__main__':
    play()
