"""gather, wait, shield, as_completed, wait_for and ensure_future."""

import asyncio

import ordered  # noqa: F401
from twin import Boom, play, scenario, shown, virtual_scenario, word


async def steps(twin, name, count, error=None):
    """Some turns, told one by one, then a result or an error."""
    try:
        for step in range(count):
            twin.log(f'{name} step {step}')
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        twin.log(f'{name} cancelled')
        raise
    twin.log(f'{name} ends')
    if error is not None:
        raise error
    return name


async def lingers(twin, name, count):
    """Waits without end, and takes some turns for its end when it is cancelled."""
    try:
        await twin.loop.create_future()
    finally:
        twin.log(f'{name} cleans up')
        await twin.turns(count)
        twin.log(f'{name} has cleaned up')


def outcomes(results):
    return ', '.join(word(one) if isinstance(one, BaseException) else shown(one) for one in results)


def watch(twin, name, future):
    future.add_done_callback(twin.logger(f'{name} is done'))
    return future


@scenario('gather-order')
async def gather_order(twin):
    watch(twin, 'an empty gather', asyncio.gather())
    gathering = asyncio.gather(steps(twin, 'a', 3), steps(twin, 'b', 0), steps(twin, 'c', 1))
    watch(twin, 'gather', gathering)
    twin.log('gathered')
    twin.log(outcomes(await gathering))


@scenario('gather-mixed')
async def gather_mixed(twin):
    future = twin.loop.create_future()
    done = twin.loop.create_future()
    done.set_result('done')
    task = twin.loop.create_task(steps(twin, 'task', 2))
    twin.loop.call_soon(future.set_result, 'future')
    twin.log(outcomes(await asyncio.gather(done, future, task, asyncio.sleep(0, 'slept'), future, done)))
    gathering = watch(twin, 'gather of what is done', asyncio.gather(done, task))
    twin.log(f'done at once: {shown(gathering.done())}')
    twin.log(outcomes(await gathering))
    await twin.turns(2)


@scenario('gather-error')
async def gather_error(twin):
    gathering = asyncio.gather(steps(twin, 'a', 4), steps(twin, 'b', 1, Boom()), steps(twin, 'c', 3, Boom()))
    watch(twin, 'gather', gathering)
    twin.log(await twin.outcome(gathering))
    twin.log(f'cancel: {shown(gathering.cancel())}')
    await twin.turns(5)


@scenario('gather-return-exceptions')
async def gather_return_exceptions(twin):
    cancelled = twin.loop.create_task(steps(twin, 'b', 9))
    twin.loop.call_soon(cancelled.cancel)
    gathering = asyncio.gather(steps(twin, 'a', 1, Boom()), cancelled, steps(twin, 'c', 3), return_exceptions=True)
    twin.log(outcomes(await gathering))


@scenario('gather-cancel')
async def gather_cancel(twin):
    for return_exceptions in (False, True):
        gathering = asyncio.gather(
            lingers(twin, 'a', 1), lingers(twin, 'b', 3), steps(twin, 'c', 0), return_exceptions=return_exceptions
        )
        watch(twin, 'gather', gathering)
        await twin.turns(2)
        twin.log(f'cancel: {shown(gathering.cancel())}')
        twin.log(f'done at once: {shown(gathering.done())}')
        twin.log(await twin.outcome(gathering))
        twin.log(f'cancelled: {shown(gathering.cancelled())}')
        await twin.turns(4)


@scenario('gather-child-cancelled')
async def gather_child_cancelled(twin):
    child = twin.loop.create_task(lingers(twin, 'a', 1))
    gathering = asyncio.gather(child, steps(twin, 'b', 6))
    watch(twin, 'gather', gathering)
    await twin.turns(1)
    child.cancel()
    twin.log(await twin.outcome(gathering))
    twin.log(f'cancelled: {shown(gathering.cancelled())}')
    await twin.turns(4)


@scenario('gather-nested-cancel')
async def gather_nested_cancel(twin):
    async def main():
        try:
            inner = asyncio.gather(lingers(twin, 'a', 0), lingers(twin, 'b', 2))
            await asyncio.gather(inner, lingers(twin, 'c', 1))
        finally:
            twin.log('main ends')

    task = twin.loop.create_task(main())
    await twin.turns(2)
    twin.log(f'cancel: {shown(task.cancel())}')
    twin.log(await twin.outcome(task))
    await twin.turns(4)


async def first(gathering):
    return (await gathering)[0]


@scenario('gather-cancel-in-the-last-turn')
async def gather_cancel_in_the_last_turn(twin):
    for late in range(4):
        future = twin.loop.create_future()

        async def child():
            return await future

        gathering = asyncio.gather(child())
        await twin.turns(1)
        future.set_result('result')
        await twin.turns(late)
        twin.log(f'{late} turns later, cancel: {shown(gathering.cancel())}')
        twin.log(await twin.outcome(first(gathering)))


@scenario('wait-first-completed')
async def wait_first_completed(twin):
    tasks = [twin.loop.create_task(steps(twin, name, count)) for name, count in (('a', 5), ('b', 1), ('c', 1))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    twin.log(f'done {len(done)}, pending {len(pending)}')
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    twin.log(f'at once, done {len(done)}, pending {len(pending)}')
    done, pending = await asyncio.wait(tasks)
    twin.log(f'done {len(done)}, pending {len(pending)}')


@scenario('wait-first-exception')
async def wait_first_exception(twin):
    cancelled = twin.loop.create_task(lingers(twin, 'cancelled', 0))
    tasks = [
        twin.loop.create_task(steps(twin, 'a', 1)),
        twin.loop.create_task(steps(twin, 'b', 3, Boom())),
        twin.loop.create_task(steps(twin, 'c', 6)),
        cancelled,
    ]
    twin.loop.call_soon(cancelled.cancel)
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    twin.log(f'done {len(done)}, pending {len(pending)}')
    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
    twin.log(f'done {len(done)}, pending {len(pending)}')


@virtual_scenario('wait-timeout')
async def wait_timeout(twin):
    tasks = [twin.loop.create_task(asyncio.sleep(delay, delay)) for delay in (0.25, 0.5, 2)]
    for timeout in (0, 0.25, 0.5, 4):
        done, pending = await asyncio.wait(tasks, timeout=timeout)
        twin.log(f'done {len(done)}, pending {len(pending)}')


@virtual_scenario('wait-cancel')
async def wait_cancel(twin):
    future = twin.loop.create_future()
    task = twin.loop.create_task(asyncio.wait([future], timeout=8))
    await asyncio.sleep(1)
    task.cancel()
    twin.log(await twin.outcome(task))
    twin.log(f'the future is done: {shown(future.done())}')
    await asyncio.sleep(16)


@scenario('shield-outcomes')
async def shield_outcomes(twin):
    for name, count, error in (('result', 2, None), ('error', 1, Boom())):
        outer = watch(twin, name, asyncio.shield(steps(twin, name, count, error)))
        twin.log(await twin.outcome(outer))
    inner = twin.loop.create_task(lingers(twin, 'inner', 1))
    outer = watch(twin, 'shield', asyncio.shield(inner))
    await twin.turns(1)
    inner.cancel()
    twin.log(await twin.outcome(outer))
    twin.log(f'shield of what is done: {shown(asyncio.shield(inner) is inner)}')


@scenario('shield-cancel')
async def shield_cancel(twin):
    inner = twin.loop.create_task(steps(twin, 'inner', 5))

    async def main():
        try:
            await asyncio.shield(inner)
        finally:
            twin.log('main ends')

    task = twin.loop.create_task(main())
    await twin.turns(2)
    task.cancel()
    twin.log(await twin.outcome(task))
    twin.log(await twin.outcome(inner))


@scenario('shield-both-cancelled')
async def shield_both_cancelled(twin):
    for first in ('inner', 'outer'):
        inner = twin.loop.create_future()
        outer = watch(twin, 'outer', asyncio.shield(inner))
        watch(twin, 'inner', inner)
        both = [inner, outer] if first == 'inner' else [outer, inner]
        for one in both:
            one.cancel()
        twin.log(f'{first} first: outer cancelled {shown(outer.cancelled())}')
        await twin.turns(3)


@scenario('as-completed-order')
async def as_completed_order(twin):
    coroutines = [steps(twin, name, count) for name, count in (('a', 4), ('b', 0), ('c', 2))]
    for following in asyncio.as_completed(coroutines):
        twin.log(f'got {await following}')
    for following in asyncio.as_completed([asyncio.sleep(0, 'one'), asyncio.sleep(0, 'two')]):
        twin.log(f'got {await following}')


@scenario('as-completed-futures')
async def as_completed_futures(twin):
    futures = [twin.loop.create_future() for _ in range(3)]
    waiting = [twin.loop.create_task(one) for one in asyncio.as_completed(futures)]
    for index, task in enumerate(waiting):
        watch(twin, f'waiting {index}', task)
    await twin.turns(1)
    futures[2].set_result('c')
    await twin.turns(1)
    waiting[0].cancel()
    futures[0].set_exception(Boom())
    await twin.turns(3)
    futures[1].set_result('b')
    for task in waiting:
        twin.log(await twin.outcome(task))


@virtual_scenario('as-completed-timeout')
async def as_completed_timeout(twin):
    tasks = [twin.loop.create_task(asyncio.sleep(delay, delay)) for delay in (4, 0.5, 2)]
    for following in asyncio.as_completed(tasks, timeout=1):
        twin.log(await twin.outcome(following))
    for following in asyncio.as_completed(tasks, timeout=8):
        twin.log(await twin.outcome(following))


@virtual_scenario('wait-for-in-time')
async def wait_for_in_time(twin):
    twin.log(await twin.outcome(asyncio.wait_for(steps(twin, 'coroutine', 2), 1)))
    twin.log(await twin.outcome(asyncio.wait_for(twin.loop.create_task(steps(twin, 'task', 2)), 1)))
    twin.log(await twin.outcome(asyncio.wait_for(steps(twin, 'fails', 1, Boom()), 1)))
    twin.log(await twin.outcome(asyncio.wait_for(asyncio.sleep(64, 'no limit'), None)))
    twin.log(await twin.outcome(asyncio.wait_for(asyncio.wait_for(asyncio.sleep(0.5, 'nested'), 1), 2)))


@virtual_scenario('wait-for-too-late')
async def wait_for_too_late(twin):
    twin.log(await twin.outcome(asyncio.wait_for(lingers(twin, 'coroutine', 2), 1)))
    twin.log(await twin.outcome(asyncio.wait_for(twin.loop.create_task(lingers(twin, 'task', 2)), 1)))
    twin.log(await twin.outcome(asyncio.wait_for(twin.loop.create_future(), 1)))

    async def catches(error):
        try:
            await asyncio.sleep(8)
        except asyncio.CancelledError:
            await twin.turns(1)
            if error is not None:
                raise error
        return 'all the same'

    for error in (None, Boom()):
        twin.log(await twin.outcome(asyncio.wait_for(catches(error), 1)))
        twin.log(await twin.outcome(asyncio.wait_for(twin.loop.create_task(catches(error)), 1)))


@scenario('wait-for-no-time')
async def wait_for_no_time(twin):
    for timeout in (0, -1):
        done = twin.loop.create_future()
        done.set_result('done')
        twin.log(await twin.outcome(asyncio.wait_for(done, timeout)))
        twin.log(await twin.outcome(asyncio.wait_for(steps(twin, 'coroutine', 1), timeout)))
        task = twin.loop.create_task(lingers(twin, 'task', 2))
        await twin.turns(1)
        twin.log(await twin.outcome(asyncio.wait_for(task, timeout)))
        cancelled = twin.loop.create_future()
        cancelled.cancel()
        twin.log(await twin.outcome(asyncio.wait_for(cancelled, timeout)))


@virtual_scenario('wait-for-cancelled')
async def wait_for_cancelled(twin):
    for timeout in (None, 8, 0):
        inner = twin.loop.create_task(lingers(twin, 'inner', 3))
        await twin.turns(1)
        waiting = twin.loop.create_task(asyncio.wait_for(inner, timeout))
        await twin.turns(2)
        twin.log(f'cancel: {shown(waiting.cancel())}')
        twin.log(await twin.outcome(waiting))
        twin.log(f'inner done: {shown(inner.done())}')
        await twin.turns(4)


@scenario('wait-for-cancel-as-it-ends')
async def wait_for_cancel_as_it_ends(twin):
    for late in range(4):
        inner = twin.loop.create_task(steps(twin, 'inner', 0))

        async def main():
            result = await asyncio.wait_for(inner, 100)
            twin.log(f'main got {result}')
            await asyncio.sleep(0)
            twin.log('main goes on')

        task = twin.loop.create_task(main())
        await twin.turns(late)
        task.cancel()
        twin.log(f'after {late} turns: {await twin.outcome(task)}')


@scenario('ensure-future')
async def ensure_future(twin):
    task = asyncio.ensure_future(steps(twin, 'a', 1))
    twin.log(f'made, the same again: {shown(asyncio.ensure_future(task) is task)}')
    twin.log(await task)


if __name__ == '__main__':
    play()
