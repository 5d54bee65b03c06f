"""TaskGroup."""

import asyncio

import ordered  # noqa: F401
from twin import Boom, play, scenario, shown, virtual_scenario, word


class Other(Exception):
    """Another error than Boom."""


def parts(error):
    """An error, and what it is made of."""
    if isinstance(error, BaseExceptionGroup):
        return f'AggregateError({", ".join(parts(one) for one in error.exceptions)})'
    return word(error)


def level(twin):
    twin.log(f'cancelling {asyncio.current_task().cancelling()}')


async def steps(twin, name, count, error=None):
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


async def lingers(twin, name, count, error=None):
    try:
        await twin.loop.create_future()
    finally:
        twin.log(f'{name} cleans up')
        await twin.turns(count)
        twin.log(f'{name} has cleaned up')
        if error is not None:
            raise error


async def guarded(twin, name, body):
    """Tells what comes out."""
    try:
        result = await body
    except BaseException as error:
        twin.log(f'{name}: {parts(error)}')
        level(twin)
        return
    twin.log(f'{name}: {shown(result)}')
    level(twin)


@scenario('group-order')
async def group_order(twin):
    async with asyncio.TaskGroup() as group:
        first = group.create_task(steps(twin, 'a', 3))
        twin.log(f'{group!r}')
        await twin.turns(1)
        second = group.create_task(steps(twin, 'b', 0))
        await twin.turns(3)
        twin.log(f'{group!r}')
        group.create_task(steps(twin, 'c', 2))
        twin.log('body ends')
    twin.log(f'group ends: {first.result()}, {second.result()}')
    async with asyncio.TaskGroup():
        twin.log('an empty group')
    twin.log('costs no turn')


@scenario('group-child-error')
async def group_child_error(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(steps(twin, 'a', 1, Boom()))
            group.create_task(lingers(twin, 'b', 2))
            group.create_task(steps(twin, 'c', 9))
            await steps(twin, 'body', 9)

    await guarded(twin, 'main', main())
    await twin.turns(2)


@scenario('group-child-error-at-the-end')
async def group_child_error_at_the_end(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(steps(twin, 'a', 3, Boom()))
            group.create_task(lingers(twin, 'b', 2))
            twin.log('body ends')

    await guarded(twin, 'main', main())
    await twin.turns(2)


@scenario('group-errors-of-one-turn')
async def group_errors_of_one_turn(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(steps(twin, 'a', 1, Boom()))
            group.create_task(steps(twin, 'b', 1, Other()))
            group.create_task(steps(twin, 'c', 2, Boom()))
            await steps(twin, 'body', 9)

    await guarded(twin, 'main', main())


@scenario('group-body-error')
async def group_body_error(twin):
    for turns in (0, 2):

        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(lingers(twin, 'a', 1))
                group.create_task(lingers(twin, 'b', 0, Other()))
                await twin.turns(turns)
                raise Boom()

        await guarded(twin, f'main after {turns} turns', main())


@scenario('group-child-cancelled')
async def group_child_cancelled(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            child = group.create_task(lingers(twin, 'a', 1))
            group.create_task(steps(twin, 'b', 4))
            await twin.turns(1)
            child.cancel()
            await steps(twin, 'body', 2)

    await guarded(twin, 'main', main())


@scenario('group-parent-cancelled')
async def group_parent_cancelled(twin):
    for body_turns in (9, 0):

        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(lingers(twin, 'a', 2))
                group.create_task(lingers(twin, 'b', 0))
                await steps(twin, 'body', body_turns)

        task = twin.loop.create_task(main())
        await twin.turns(2)
        task.cancel()
        twin.log(await twin.outcome(task))
        twin.log(f'cancelling {task.cancelling()}, cancelled {shown(task.cancelled())}')


@scenario('group-parent-cancelled-again')
async def group_parent_cancelled_again(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(lingers(twin, 'a', 5))

    task = twin.loop.create_task(main())
    await twin.turns(2)
    for _ in range(3):
        task.cancel()
        await twin.turns(1)
        twin.log(f'cancelling {task.cancelling()}, done {shown(task.done())}')
    twin.log(await twin.outcome(task))


@scenario('group-errors-win')
async def group_errors_win(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(lingers(twin, 'a', 1, Boom()))
            group.create_task(lingers(twin, 'b', 2, Other()))
            await steps(twin, 'body', 9)

    task = twin.loop.create_task(guarded(twin, 'main', main()))
    await twin.turns(2)
    task.cancel()
    twin.log(await twin.outcome(task))
    twin.log(f'cancelling {task.cancelling()}, cancelled {shown(task.cancelled())}')


@scenario('group-hidden-cancel')
async def group_hidden_cancel(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(steps(twin, 'a', 1, Boom()))
            await steps(twin, 'body', 9)

    async def outer():
        await guarded(twin, 'main', main())
        await steps(twin, 'after', 9)

    for late in range(4):
        task = twin.loop.create_task(outer())
        await twin.turns(late)
        twin.log(f'cancel after {late} turns')
        task.cancel()
        twin.log(await twin.outcome(task))
        twin.log(f'cancelling {task.cancelling()}, cancelled {shown(task.cancelled())}')


@scenario('group-nested')
async def group_nested(twin):
    for outer_turns, inner_turns in ((1, 9), (9, 1), (1, 1)):

        async def main():
            async with asyncio.TaskGroup() as outer:
                outer.create_task(steps(twin, 'outer', outer_turns, Boom()))
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(steps(twin, 'inner', inner_turns, Other()))
                    await steps(twin, 'body', 9)

        await guarded(twin, 'main', main())


@scenario('group-nested-caught')
async def group_nested_caught(twin):
    async def inner_group(outer):
        async with asyncio.TaskGroup() as inner:
            inner.create_task(steps(twin, 'inner', 0, Other()))
            outer.create_task(steps(twin, 'outer', 0, Boom()))

    async def main():
        async with asyncio.TaskGroup() as outer:
            await guarded(twin, 'inner', inner_group(outer))
            await steps(twin, 'body', 2)

    await guarded(twin, 'main', main())


@scenario('group-tasks-that-add-tasks')
async def group_tasks_that_add_tasks(twin):
    async with asyncio.TaskGroup() as group:

        async def adds(name, depth):
            await twin.turns(1)
            twin.log(f'{name}, {group!r}')
            if depth > 0:
                group.create_task(adds(f'{name}.1', depth - 1))
                group.create_task(adds(f'{name}.2', depth - 1))

        group.create_task(adds('1', 2))
    twin.log('group ends')


@scenario('group-refuses')
async def group_refuses(twin):
    def attempt():
        coroutine = asyncio.sleep(0)
        try:
            group.create_task(coroutine)
        except RuntimeError as error:
            twin.log(f'{error}')

    async def main():
        async with group:
            try:
                async with group:
                    pass
            except RuntimeError as error:
                twin.log(f'{error}')
            group.create_task(steps(twin, 'a', 0, Boom()))
            try:
                await twin.loop.create_future()
            finally:
                attempt()

    group = asyncio.TaskGroup()
    attempt()
    await guarded(twin, 'main', main())
    group = asyncio.TaskGroup()
    async with group:
        pass
    attempt()


@virtual_scenario('group-in-timeout')
async def group_in_timeout(twin):
    for error in (None, Boom()):

        async def main():
            async with asyncio.timeout(1):
                async with asyncio.TaskGroup() as group:
                    group.create_task(lingers(twin, 'a', 1, error))
                    await asyncio.sleep(8)

        await guarded(twin, 'main', main())


@virtual_scenario('timeout-in-group')
async def timeout_in_group(twin):
    async def limited(delay):
        async with asyncio.timeout(delay):
            await asyncio.sleep(2)
        twin.log(f'{delay} was enough')

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(limited(4))
            group.create_task(limited(1))
            group.create_task(limited(0.5))

    await guarded(twin, 'main', main())


@virtual_scenario('group-of-waits')
async def group_of_waits(twin):
    async def main():
        async with asyncio.TaskGroup() as group:
            one = group.create_task(asyncio.sleep(1, 'one'))
            group.create_task(asyncio.wait_for(asyncio.sleep(4), 2))
            results = await asyncio.gather(one, asyncio.shield(asyncio.sleep(1, 'shielded')))
            twin.log(', '.join(results))
            await asyncio.wait([group.create_task(asyncio.sleep(8))])

    await guarded(twin, 'main', main())


async def everything(twin):
    """One of each kind of wait, in and around each other."""

    async def kept():
        await twin.turns(4)
        return 'kept'

    async with asyncio.timeout(64):
        async with asyncio.TaskGroup() as group:
            first = group.create_task(asyncio.wait_for(twin.turns(2), 8))
            second = group.create_task(asyncio.wait_for(group.create_task(kept()), 8))
            await asyncio.gather(first, twin.turns(1), return_exceptions=True)
            await asyncio.wait([second], timeout=8, return_when=asyncio.FIRST_COMPLETED)
            for following in asyncio.as_completed([asyncio.sleep(0, 'a'), asyncio.sleep(0, 'b')], timeout=8):
                await following
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(steps(twin, 'child', 1, Boom()))
            await asyncio.shield(kept())
    except ExceptionGroup as error:
        twin.log(parts(error))
    await twin.turns(1)
    return 'everything'


@virtual_scenario('cancel-at-every-turn')
async def cancel_at_every_turn(twin):
    for late in range(28):
        task = twin.loop.create_task(everything(twin))
        await twin.turns(late)
        start = twin.loop.turns
        twin.log(f'after {late} turns, cancel: {shown(task.cancel())}')
        outcome = await twin.outcome(task, parts)
        twin.log(f'{outcome}, {twin.loop.turns - start} turns later, cancelling {task.cancelling()}')
        await twin.turns(8)
        twin.log(f'left: {len(asyncio.all_tasks()) - 1}')


@virtual_scenario('cancel-everything-twice')
async def cancel_everything_twice(twin):
    for late in range(0, 24, 3):
        for between in range(5):
            task = twin.loop.create_task(everything(twin))
            await twin.turns(late)
            task.cancel()
            await twin.turns(between)
            twin.log(f'after {late} turns and {between} more, cancel: {shown(task.cancel())}')
            twin.log(f'{await twin.outcome(task, parts)}, cancelling {task.cancelling()}')
            await twin.turns(8)
            twin.log(f'left: {len(asyncio.all_tasks()) - 1}')


if __name__ == '__main__':
    play()
