"""Futures: states, errors, callbacks, and who may wait."""

import asyncio

from twin import Boom, play, said, scenario, tried


@scenario('future-states')
async def future_states(twin):
    def state(name, future):
        twin.log(f'{name}: done {future.done()}, cancelled {future.cancelled()}')
        twin.log(f'{name}: result {tried(future.result)}, exception {tried(future.exception)}')

    new = twin.loop.create_future()
    state('new', new)
    new.set_result('value')
    state('with a result', new)
    failed = twin.loop.create_future()
    failed.set_exception(Boom())
    twin.log(f'failed: done {failed.done()}, cancelled {failed.cancelled()}')
    twin.log(f'failed: result {tried(failed.result)}, exception {type(failed.exception()).__name__}')
    cancelled = twin.loop.create_future()
    cancelled.cancel()
    state('cancelled', cancelled)
    twin.log(f'of this loop: {new.get_loop() is twin.loop}')


@scenario('second-results')
async def second_results(twin):
    def settle(name, future):
        twin.log(f'{name}: set_result {tried(lambda: future.set_result(1))}')
        twin.log(f'{name}: set_exception {tried(lambda: future.set_exception(Boom()))}')
        twin.log(f'{name}: cancel {future.cancel("late")}')

    done = twin.loop.create_future()
    done.set_result('first')
    settle('done', done)
    twin.log(f'still {done.result()}')
    cancelled = twin.loop.create_future()
    cancelled.cancel('first')
    settle('cancelled', cancelled)
    twin.log(f'still {tried(cancelled.result, said)}')


@scenario('cancelled-with-a-message')
async def cancelled_with_a_message(twin):
    future = twin.loop.create_future()
    twin.log(f'cancel: {future.cancel("why")}')
    twin.log(tried(future.result, said))
    twin.log(tried(future.exception, said))
    twin.log(await twin.outcome(future, said))
    plain = twin.loop.create_future()
    plain.cancel()
    twin.log(await twin.outcome(plain, said))


@scenario('removed-callbacks')
async def removed_callbacks(twin):
    def first(_):
        twin.log('first')
        twin.log(f'removed when it is scheduled already: {future.remove_done_callback(last)}')

    def twice(_):
        twin.log('never')

    def last(_):
        twin.log('last')

    future = twin.loop.create_future()
    future.add_done_callback(twice)
    future.add_done_callback(first)
    future.add_done_callback(twice)
    future.add_done_callback(last)
    twin.log(f'removed: {future.remove_done_callback(twice)}')
    twin.log(f'removed again: {future.remove_done_callback(twice)}')
    future.set_result('x')
    twin.log(f'removed when done: {future.remove_done_callback(last)}')
    await twin.turns(2)


@scenario('callbacks-get-their-future')
async def callbacks_get_their_future(twin):
    def check(future):
        def callback(given):
            twin.log(f'got its future: {given is future}, done: {given.done()}')

        return callback

    def adds(given):
        twin.log('adds one more')
        given.add_done_callback(twin.logger('one more, a turn later'))

    for settle in (lambda f: f.set_result(1), lambda f: f.set_exception(Boom()), lambda f: f.cancel()):
        future = twin.loop.create_future()
        future.add_done_callback(check(future))
        settle(future)
        tried(future.exception)
    future.add_done_callback(adds)
    twin.log('settled')
    await twin.turns(3)


@scenario('callbacks-that-raise')
async def callbacks_that_raise(twin):
    def raises(_):
        twin.log('raises')
        raise Boom

    future = twin.loop.create_future()
    future.add_done_callback(raises)
    future.add_done_callback(twin.logger('the next callback'))
    future.set_result('x')
    twin.log(f'awaited {await future}')
    await twin.turns(2)


@scenario('cancelled-callbacks')
async def cancelled_callbacks(twin):
    future = twin.loop.create_future()
    future.add_done_callback(twin.logger('callback 1'))
    future.add_done_callback(twin.logger('callback 2'))
    twin.loop.call_soon(twin.logger('soon'))
    twin.log(f'cancel: {future.cancel()}, again: {future.cancel()}')
    await twin.turns(2)


@scenario('two-wait')
async def two_wait(twin):
    async def waits(name):
        twin.log(f'{name} {await twin.outcome(future, said)}')

    for settle in (lambda f: f.set_result('value'), lambda f: f.set_exception(Boom('text')), lambda f: f.cancel('why')):
        future = twin.loop.create_future()
        tasks = [twin.loop.create_task(waits(name)) for name in ('a', 'b')]
        await twin.turns(1)
        settle(future)
        twin.log('settled')
        for task in tasks:
            await task


@scenario('done-futures-do-not-wait')
async def done_futures_do_not_wait(twin):
    future = twin.loop.create_future()
    twin.loop.call_soon(twin.logger('soon'))
    future.set_result('value')
    for _ in range(3):
        twin.log(f'awaited {await future}')
    failed = twin.loop.create_future()
    failed.set_exception(Boom('text'))
    twin.log(await twin.outcome(failed, said))
    twin.log(await twin.outcome(failed, said))
    await twin.turns(1)
    twin.log('a turn later')


@scenario('same-error')
async def same_error(twin):
    error = Boom('text')
    future = twin.loop.create_future()
    future.set_exception(error)
    for _ in range(2):
        try:
            await future
        except Boom as caught:
            twin.log(f'the same: {caught is error}')
    twin.log(f'the same: {future.exception() is error}')


@scenario('other-loops-future')
async def other_loops_future(twin):
    other = asyncio.new_event_loop()
    foreign = other.create_future()

    async def waits():
        await foreign

    twin.log(await twin.outcome(twin.loop.create_task(waits())))
    foreign.set_result('done')
    twin.log(await twin.outcome(foreign))
    other.close()


@scenario('result-set-by-a-waiter')
async def result_set_by_a_waiter(twin):
    async def sets(name, mine, theirs):
        twin.log(f'{name} waits')
        value = await mine
        twin.log(f'{name} got {value}')
        theirs.set_result(value + 1)

    futures = [twin.loop.create_future() for _ in range(4)]
    tasks = [twin.loop.create_task(sets(f'task {i}', futures[i], futures[i + 1])) for i in range(3)]
    futures[0].set_result(0)
    twin.log(f'main got {await futures[3]}')
    for task in tasks:
        await task
    twin.log('done')


if __name__ == '__main__':
    play()
