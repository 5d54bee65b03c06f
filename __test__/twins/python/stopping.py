"""The life of a loop: stop, runs that end early, runs that may not begin, close."""

import asyncio

from twin import Boom, play, said, script, tried, virtual_script


@script('stop-twice')
def stop_twice(twin):
    twin.loop.call_soon(twin.logger('first run'))
    twin.loop.call_soon(lambda: twin.loop.call_soon(twin.logger('second run')))
    twin.loop.stop()
    twin.loop.stop()
    twin.run_forever()
    twin.log('first run returned')
    twin.loop.call_soon(twin.loop.stop)
    twin.run_forever()
    twin.log('second run returned')


@script('stop-in-task')
def stop_in_task(twin):
    async def main():
        twin.log('main stops the loop')
        twin.loop.stop()
        await twin.turns(1)
        twin.log('main goes on in the second run')
        return 'value'

    task = twin.loop.create_task(main())
    twin.log(twin.ran(task, said))
    twin.log(f'done: {task.done()}')
    twin.log(f'second run: {twin.loop.run_until_complete(task)}')


@script('stop-in-done-callback')
def stop_in_done_callback(twin):
    async def main():
        await twin.turns(1)
        twin.log('main returns')
        return 'value'

    task = twin.loop.create_task(main())
    task.add_done_callback(lambda _: twin.loop.stop())
    task.add_done_callback(twin.logger('done callback behind stop'))
    twin.loop.call_soon(lambda: twin.loop.call_soon(twin.logger('second turn')))
    twin.log(twin.loop.run_until_complete(task))


@script('run-what-is-done')
def run_what_is_done(twin):
    done = twin.loop.create_future()
    done.set_result('result')
    failed = twin.loop.create_future()
    failed.set_exception(Boom('text'))
    cancelled = twin.loop.create_future()
    cancelled.cancel('why')
    twin.loop.call_soon(twin.logger('soon'))
    for future in (done, failed, cancelled):
        twin.log(twin.ran(future, said))


@script('runs-that-fail')
def runs_that_fail(twin):
    async def fails():
        await twin.turns(1)
        raise Boom('text')

    async def cancelled():
        await twin.turns(1)
        raise asyncio.CancelledError('why')

    twin.log(twin.ran(fails(), said))
    twin.log(twin.ran(cancelled(), said))


@script('nested-runs')
def nested_runs(twin):
    other = asyncio.new_event_loop()
    future = twin.loop.create_future()
    foreign = other.create_future()

    def nested():
        # Not run_forever: in 3.13.0 a refused one makes the loop forget that it runs.
        twin.log(f'this loop: {twin.ran(future, said)}')
        twin.log(f'another loop: {tried(lambda: other.run_until_complete(foreign), said)}')
        twin.log(f'close: {tried(twin.loop.close, said)}')
        twin.loop.stop()

    twin.loop.call_soon(nested)
    twin.run_forever()
    twin.log('returned')
    other.call_soon(twin.logger('another loop runs now'))
    other.call_soon(other.stop)
    other.run_forever()
    other.close()


@script('states')
def states(twin):
    def state(when):
        twin.log(f'{when}: running {twin.loop.is_running()}, closed {twin.loop.is_closed()}')

    def callback():
        state('in a callback')
        twin.loop.stop()
        state('stopped')

    state('new')
    twin.loop.call_soon(callback)
    twin.run_forever()
    state('returned')
    twin.loop.close()
    twin.loop.close()
    state('closed')


@script('after-close')
def after_close(twin):
    async def never():
        twin.log('never')

    def nothing():
        twin.log('never')

    loop = twin.loop
    future = loop.create_future()
    loop.call_soon(nothing)
    loop.call_later(0, nothing)
    loop.close()
    twin.log(f'run_forever: {tried(loop.run_forever, said)}')
    twin.log(f'run_until_complete: {tried(lambda: loop.run_until_complete(future), said)}')
    twin.log(f'call_soon: {tried(lambda: loop.call_soon(nothing), said)}')
    twin.log(f'call_soon_threadsafe: {tried(lambda: loop.call_soon_threadsafe(nothing), said)}')
    twin.log(f'call_later: {tried(lambda: loop.call_later(1, nothing), said)}')
    twin.log(f'call_at: {tried(lambda: loop.call_at(1, nothing), said)}')
    coroutine = never()
    twin.log(f'create_task: {tried(lambda: loop.create_task(coroutine), said)}')
    coroutine.close()
    twin.log(f'stop: {tried(loop.stop)}')


@script('exit-in-callback')
def exit_in_callback(twin):
    def exits():
        twin.loop.call_soon(twin.logger('scheduled by what exits'))
        raise KeyboardInterrupt('now')

    twin.loop.call_soon(twin.logger('before'))
    twin.loop.call_soon(exits)
    twin.loop.call_soon(twin.logger('the rest of the batch'))
    twin.log(tried(twin.run_forever, said))
    twin.log(f'running: {twin.loop.is_running()}')
    twin.loop.call_soon(twin.loop.stop)
    twin.run_forever()
    twin.log('second run returned')


@script('exit-in-task')
def exit_in_task(twin):
    async def exits():
        await twin.turns(1)
        raise SystemExit('now')

    task = twin.loop.create_task(exits())
    task.add_done_callback(lambda done: twin.log(f'task done: {said(done.exception())}'))
    twin.log(twin.ran(task, said))
    twin.log(f'done: {task.done()}')
    # The run that was left must not stop the next one.
    twin.loop.call_soon(lambda: twin.loop.call_soon(lambda: twin.loop.call_soon(twin.loop.stop)))
    twin.run_forever()
    twin.log('second run returned')


@virtual_script('stop-leaves-timers')
def stop_leaves_timers(twin):
    def stops():
        twin.log('stops')
        twin.loop.stop()

    twin.loop.call_later(2, stops)
    twin.loop.call_later(2, twin.logger('due in the same turn'))
    twin.loop.call_later(3, twin.logger('in the second run'))
    twin.loop.call_later(5, stops)
    twin.run_forever()
    twin.log('first run returned')
    twin.run_forever()
    twin.log('second run returned')


@script('until-complete-in-order')
def until_complete_in_order(twin):
    async def main(name):
        twin.log(f'{name} starts')
        twin.loop.call_soon(twin.logger(f'soon, behind {name}'))
        return name

    twin.loop.create_task(main('background'))
    twin.log(f'returned {twin.loop.run_until_complete(main("first"))}')
    twin.log(f'returned {twin.loop.run_until_complete(main("second"))}')


if __name__ == '__main__':
    play()
