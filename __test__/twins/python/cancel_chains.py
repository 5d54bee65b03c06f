"""Cancels among tasks that wait for each other, or for the same future."""

import asyncio

from twin import play, said, scenario, script, tried


@scenario('cancel-goes-inwards')
async def cancel_goes_inwards(twin):
    async def outer(name, inner):
        try:
            return await inner
        except asyncio.CancelledError as error:
            twin.log(f'{name} caught {said(error)}')
            raise

    innermost = twin.loop.create_task(twin.steps('innermost', 20))
    middle = twin.loop.create_task(outer('middle', innermost))
    outermost = twin.loop.create_task(outer('outermost', middle))
    await twin.turns(3)
    outermost.cancel('from outside')
    twin.log('cancelled the outermost')
    twin.log(await twin.outcome(outermost, said))
    twin.log(f'cancelled: {innermost.cancelled()}, {middle.cancelled()}, {outermost.cancelled()}')
    twin.log(f'requests: {innermost.cancelling()}, {middle.cancelling()}, {outermost.cancelling()}')


@scenario('cancel-of-what-is-awaited')
async def cancel_of_what_is_awaited(twin):
    async def outer():
        return await inner

    inner = twin.loop.create_task(twin.steps('inner', 10))
    task = twin.loop.create_task(outer())
    await twin.turns(2)
    inner.cancel('only the inner one')
    twin.log(await twin.outcome(task, said))
    twin.log(f'requests: {inner.cancelling()}, {task.cancelling()}, cancelled: {task.cancelled()}')


@scenario('cancel-when-the-result-is-there')
async def cancel_when_the_result_is_there(twin):
    async def outer(future):
        try:
            twin.log(f'got {await future}')
        except asyncio.CancelledError as error:
            twin.log(f'caught {said(error)}, though there is {future.result()}')
            raise

    future = twin.loop.create_future()
    task = twin.loop.create_task(outer(future))
    await twin.turns(2)
    future.set_result('a result')
    twin.log(f'cancel: {task.cancel("too late")}')
    twin.log(await twin.outcome(task, said))


@scenario('cancel-shared-future')
async def cancel_shared_future(twin):
    async def shares(name):
        error = await twin.caught(future)
        twin.log(f'{name} caught {said(error)}')
        raise error

    future = twin.loop.create_future()
    tasks = [twin.loop.create_task(shares(name)) for name in ('a', 'b', 'c')]
    await twin.turns(1)
    tasks[1].cancel('b only')
    for task in tasks:
        twin.log(f'{await twin.outcome(task, said)}, requests: {task.cancelling()}')


@scenario('cancel-refused-by-the-inner-task')
async def cancel_refused_by_the_inner_task(twin):
    async def refuses():
        await twin.caught()
        twin.log('inner refuses')
        await twin.turns(1)
        return 'inner result'

    async def outer():
        twin.log(f'outer got {await inner}')
        await twin.turns(1)
        return 'outer result'

    inner = twin.loop.create_task(refuses())
    task = twin.loop.create_task(outer())
    await twin.turns(2)
    task.cancel()
    twin.log(await twin.outcome(task))
    twin.log(f'requests: {inner.cancelling()}, {task.cancelling()}')


@scenario('cancel-in-one-turn-with-others')
async def cancel_in_one_turn_with_others(twin):
    tasks = [twin.loop.create_task(twin.steps(name, 3)) for name in ('a', 'b', 'c')]
    for task in tasks:
        task.add_done_callback(lambda done: twin.log(f'done, cancelled: {done.cancelled()}'))
    await twin.turns(1)
    twin.loop.call_soon(tasks[0].cancel)
    twin.loop.call_soon(tasks[2].cancel)
    for task in tasks:
        twin.log(await twin.outcome(task))


@script('cancel-what-runs-until-complete')
def cancel_what_runs_until_complete(twin):
    task = twin.loop.create_task(twin.steps('main', 10))
    twin.loop.call_soon(lambda: twin.loop.call_soon(task.cancel, 'from a callback'))
    twin.log(twin.ran(task, said))


@scenario('cancel-the-caller')
async def cancel_the_caller(twin):
    async def cancels():
        twin.log(f'cancels its creator: {creator.cancel("by my child")}')
        await twin.turns(1)
        return 'child done'

    creator = asyncio.current_task()
    child = twin.loop.create_task(cancels())
    twin.log(await twin.outcome(child, said))
    twin.log(f'requests: {creator.cancelling()}, {child.cancelling()}, child cancelled: {child.cancelled()}')
    twin.log(f'left: {creator.uncancel()}')
    await twin.turns(1)
    twin.log('main goes on')


@scenario('cancel-message-for-all')
async def cancel_message_for_all(twin):
    async def waits(name):
        twin.log(f'{name} {await twin.outcome(task, said)}')

    task = twin.loop.create_task(twin.steps('task', 10))
    waiters = [twin.loop.create_task(waits(name)) for name in ('first', 'second')]
    await twin.turns(2)
    task.cancel('why')
    for waiter in waiters:
        await waiter
    twin.log(f'later: {tried(task.result, said)}')


if __name__ == '__main__':
    play()
