"""Executors: when the results, the errors and the cancels of jobs come back from their threads."""

import asyncio
import threading

from twin import play, scenario

QUIET = 0.125


async def with_thread(twin):
    await twin.loop.run_in_executor(None, lambda: None)
    await asyncio.sleep(QUIET)
    twin.zero()


@scenario('executor-returns')
async def executor_returns(twin):
    await with_thread(twin)
    twin.log(f'result: {await twin.loop.run_in_executor(None, lambda a, b: a + b, 2, 3)}')


@scenario('executor-fails')
async def executor_fails(twin):
    def fail():
        raise ValueError('no')

    await with_thread(twin)
    try:
        await twin.loop.run_in_executor(None, fail)
    except ValueError as error:
        twin.log(f'error: {error}')


@scenario('executor-to-thread')
async def executor_to_thread(twin):
    await with_thread(twin)
    twin.log(f'result: {await asyncio.to_thread(lambda: 5)}')


@scenario('executor-cancelled')
async def executor_cancelled(twin):
    go_on = threading.Event()

    async def work():
        twin.log('the job is given')
        return await twin.loop.run_in_executor(None, go_on.wait)

    task = twin.loop.create_task(work())
    await twin.turns(1)
    twin.zero()
    twin.log(f'cancel: {task.cancel()}')
    twin.log(await twin.outcome(task))
    go_on.set()


play()
