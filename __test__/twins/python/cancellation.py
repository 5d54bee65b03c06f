"""Cancelling tasks: when it arrives, who catches it, what is left of it."""

import asyncio

from twin import Boom, play, said, scenario


@scenario('cancel-before-start')
async def cancel_before_start(twin):
    task = twin.loop.create_task(twin.steps('never', 10))
    task.add_done_callback(lambda done: twin.log(f'cancelled: {done.cancelled()}'))
    twin.log(f'cancel: {task.cancel("too early")}, done: {task.done()}')
    twin.log(await twin.outcome(task, said))


@scenario('cancel-twice')
async def cancel_twice(twin):
    task = twin.loop.create_task(twin.steps('task', 10))
    await twin.turns(2)
    twin.log(f'cancel: {task.cancel("first")}, again: {task.cancel("second")}, requests: {task.cancelling()}')
    twin.log(await twin.outcome(task, said))
    twin.log(f'requests: {task.cancelling()}')


@scenario('cancel-in-two-turns')
async def cancel_in_two_turns(twin):
    async def stubborn():
        for attempt in range(3):
            try:
                await asyncio.sleep(0)
                await twin.loop.create_future()
            except asyncio.CancelledError as error:
                twin.log(f'attempt {attempt} caught {said(error)}')
        return 'survived'

    task = twin.loop.create_task(stubborn())
    await twin.turns(3)
    for number in range(3):
        task.cancel(f'number {number}')
        await twin.turns(number + 1)
    twin.log(await twin.outcome(task, said))
    twin.log(f'cancelled: {task.cancelled()}, requests: {task.cancelling()}')


@scenario('cancel-while-catching')
async def cancel_while_catching(twin):
    async def catches():
        error = await twin.caught()
        twin.log(f'caught {said(error)}')
        await twin.turns(3)
        twin.log('never')

    task = twin.loop.create_task(catches())
    await twin.turns(2)
    task.cancel('first')
    await twin.turns(2)
    task.cancel('second')
    twin.log(await twin.outcome(task, said))


@scenario('cancel-ignored')
async def cancel_ignored(twin):
    async def ignores():
        await twin.caught()
        twin.log('ignored')
        await twin.turns(1)
        return 'value'

    task = twin.loop.create_task(ignores())
    await twin.turns(1)
    task.cancel()
    twin.log(await twin.outcome(task))
    twin.log(f'cancelled: {task.cancelled()}, requests: {task.cancelling()}, cancel: {task.cancel()}')


@scenario('cancel-itself')
async def cancel_itself(twin):
    async def waits_then():
        task = asyncio.current_task()
        twin.log(f'cancel: {task.cancel("myself")}')
        future = twin.loop.create_future()
        error = await twin.caught(future)
        twin.log(f'caught {said(error)}, the future is cancelled: {future.cancelled()}')
        raise error

    async def returns():
        asyncio.current_task().cancel('at the end')
        return 'value'

    async def raises():
        asyncio.current_task().cancel()
        raise Boom('text')

    for body in (waits_then, returns, raises):
        task = twin.loop.create_task(body())
        twin.log(await twin.outcome(task, said))
        twin.log(f'cancelled: {task.cancelled()}')


@scenario('cancel-itself-with-done-futures')
async def cancel_itself_with_done_futures(twin):
    async def awaits_done():
        asyncio.current_task().cancel('myself')
        done = twin.loop.create_future()
        done.set_result('a done future does not suspend')
        twin.log(await done)
        await asyncio.sleep(0)
        twin.log('never')

    twin.log(await twin.outcome(twin.loop.create_task(awaits_done()), said))


@scenario('uncancel-counts')
async def uncancel_counts(twin):
    async def counts():
        task = asyncio.current_task()
        await twin.caught()
        twin.log(f'caught with {task.cancelling()}')
        twin.log(f'uncancel: {task.uncancel()}, {task.uncancel()}, {task.uncancel()}')
        await twin.turns(1)
        task.cancel('again')
        twin.log(f'requests: {task.cancelling()}')
        await twin.turns(1)
        twin.log('never')

    task = twin.loop.create_task(counts())
    await twin.turns(2)
    task.cancel()
    task.cancel()
    twin.log(await twin.outcome(task, said))
    twin.log(f'requests: {task.cancelling()}, uncancel of a done task: {task.uncancel()}')


@scenario('uncancel-in-time')
async def uncancel_in_time(twin):
    async def takes_back(name, cancels):
        task = asyncio.current_task()
        for _ in range(cancels):
            task.cancel()
        twin.log(f'{name}: left {task.uncancel()}')
        await twin.turns(1)
        return f'{name}: not cancelled'

    for name, cancels in (('one', 1), ('two', 2)):
        twin.log(await twin.outcome(twin.loop.create_task(takes_back(name, cancels))))
    early = twin.loop.create_task(twin.steps('cancelled and taken back before it starts', 1))
    early.cancel()
    early.uncancel()
    twin.log(await twin.outcome(early))


@scenario('cancel-with-cleanup')
async def cancel_with_cleanup(twin):
    async def level(depth):
        try:
            if depth == 0:
                await twin.loop.create_future()
            else:
                await level(depth - 1)
        finally:
            twin.log(f'level {depth} cleans up')
            await twin.turns(depth)
            twin.log(f'level {depth} is clean')

    task = twin.loop.create_task(level(2))
    await twin.turns(2)
    task.cancel('clean up')
    twin.log(await twin.outcome(task, said))


@scenario('cancel-becomes-an-error')
async def cancel_becomes_an_error(twin):
    async def fails():
        await twin.caught()
        raise Boom('instead')

    async def raises_by_itself():
        await twin.turns(1)
        raise asyncio.CancelledError('by itself')

    task = twin.loop.create_task(fails())
    await twin.turns(1)
    task.cancel()
    twin.log(await twin.outcome(task, said))
    twin.log(f'cancelled: {task.cancelled()}')
    task = twin.loop.create_task(raises_by_itself())
    twin.log(await twin.outcome(task, said))
    twin.log(f'cancelled: {task.cancelled()}, requests: {task.cancelling()}')


@scenario('cancel-done-tasks')
async def cancel_done_tasks(twin):
    async def returns():
        return 'value'

    async def fails():
        raise Boom

    for body in (returns, fails):
        task = twin.loop.create_task(body())
        await twin.turns(1)
        twin.log(f'done: {task.done()}, cancel: {task.cancel()}, requests: {task.cancelling()}')
        twin.log(await twin.outcome(task))


if __name__ == '__main__':
    play()
