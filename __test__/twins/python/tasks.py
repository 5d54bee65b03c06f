"""Futures and tasks."""

import asyncio

from twin import Boom, play, scenario, script, word


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


if __name__ == '__main__':
    play()
