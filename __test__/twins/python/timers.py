"""Timers and sleeps in virtual time: order, ties, cancelling, and who comes first in a turn.

Delays are sums of powers of two, so that every deadline is exact.
"""

import asyncio

from twin import Client, Server, play, shown, virtual_scenario, virtual_script


@virtual_script('timers-by-time')
def timers_by_time(twin):
    for delay in (3, 0.5, 2, 0.25, 1, 2.75):
        twin.loop.call_later(delay, twin.logger(f'after {delay}'))
    twin.loop.call_at(1.5, twin.logger('at 1.5'))
    twin.loop.call_later(4, twin.loop.stop)
    twin.run_forever()
    twin.log('returned')


@virtual_script('timers-with-one-deadline')
def timers_with_one_deadline(twin):
    def first():
        twin.log('first')
        twin.loop.call_soon(twin.logger('soon, from the first'))
        twin.loop.call_later(0, twin.logger('timer, from the first'))

    twin.loop.call_at(1, first)
    twin.loop.call_later(1, twin.logger('second'))
    twin.loop.call_later(0.5, lambda: twin.loop.call_later(0.5, twin.logger('fourth, made later')))
    twin.loop.call_at(1, twin.logger('third'))
    twin.loop.call_later(2, twin.loop.stop)
    twin.run_forever()


@virtual_script('deadlines-in-the-past')
def deadlines_in_the_past(twin):
    def schedules():
        for when in (2, -1, 4, 3.5, 0):
            timer = twin.loop.call_at(when, twin.logger(f'at {when}'))
            twin.log(f'when {shown(timer.when())}')
        for delay in (-1, 0, -0.25, -100):
            timer = twin.loop.call_later(delay, twin.logger(f'after {delay}'))
            twin.log(f'when {shown(timer.when())}')
        twin.loop.call_soon(twin.logger('soon'))
        twin.loop.call_later(1, twin.loop.stop)

    twin.loop.call_later(4, schedules)
    twin.run_forever()


@virtual_script('timers-cancelled-by-timers')
def timers_cancelled_by_timers(twin):
    def cancels():
        twin.log('cancels')
        same_turn.cancel()
        later.cancel()
        earlier.cancel()
        twin.log(f'cancelled: {same_turn.cancelled()}, {later.cancelled()}, {earlier.cancelled()}')

    earlier = twin.loop.call_later(0.5, twin.logger('earlier'))
    twin.loop.call_later(1, cancels)
    same_turn = twin.loop.call_later(1, twin.logger('never'))
    later = twin.loop.call_later(2, twin.logger('never'))
    twin.loop.call_later(3, twin.loop.stop)
    twin.run_forever()
    twin.log('returned')


@virtual_script('timers-cancelled-by-callbacks')
def timers_cancelled_by_callbacks(twin):
    def cancels():
        due.cancel()
        twin.log('cancelled what is due in this turn')

    def on_time():
        twin.loop.call_soon(lambda: next_one.cancel())
        twin.log('cancels in the next turn, by when it is due')

    twin.loop.call_soon(cancels)
    due = twin.loop.call_later(0, twin.logger('never'))
    twin.loop.call_later(1, on_time)
    next_one = twin.loop.call_later(1, twin.logger('runs, in the same turn'))
    twin.loop.call_later(2, twin.loop.stop)
    twin.run_forever()


@virtual_script('cancelled-heads')
def cancelled_heads(twin):
    timers = [twin.loop.call_later(number / 8, twin.logger(f'number {number}')) for number in range(1, 201)]
    for number, timer in enumerate(timers, start=1):
        if number % 40:
            timer.cancel()
    twin.loop.call_later(30, twin.loop.stop)
    twin.run_forever()
    twin.log('returned')


@virtual_script('soon-before-timers')
def soon_before_timers(twin):
    def first():
        twin.log('first')
        twin.loop.call_later(0, twin.logger('timer of the first'))
        twin.loop.call_soon(second)

    def second():
        twin.log('second')
        twin.loop.call_soon(twin.logger('soon, from the second'))
        twin.loop.call_later(-1, twin.logger('timer of the second'))

    twin.loop.call_later(0, twin.logger('timer from before'))
    twin.loop.call_soon(first)
    twin.loop.call_later(1, twin.loop.stop)
    twin.run_forever()


@virtual_scenario('soon-data-timers')
async def soon_data_timers(twin):
    class Answers(Server):
        def data_received(self, data):
            super().data_received(data)
            twin.loop.call_soon(twin.logger('soon, from the data'))
            twin.loop.call_later(0, twin.logger('timer, from the data'))

    _, client = await twin.pair(Answers, Client)
    twin.loop.call_later(0, twin.logger('timer'))
    client.transport.write(b'ping')
    twin.loop.call_soon(twin.logger('soon'))
    await asyncio.sleep(1)
    client.transport.write(b'again')
    twin.log('wrote again')
    await asyncio.sleep(0.5)
    twin.log('slept')


@virtual_script('periodic')
def periodic(twin):
    def beat(when, left):
        twin.log(f'beat of {when}')
        if left > 0:
            twin.loop.call_at(when + 0.375, beat, when + 0.375, left - 1)
        else:
            twin.loop.stop()

    twin.loop.call_at(0.375, beat, 0.375, 4)
    twin.run_forever()


@virtual_scenario('sleepers')
async def sleepers(twin):
    async def sleeps(name, *delays):
        for delay in delays:
            twin.log(f'{name} got {await asyncio.sleep(delay, f"up after {delay}")}')
        return name

    tasks = [
        twin.loop.create_task(sleeps('a', 1, 0.5, 0)),
        twin.loop.create_task(sleeps('b', 0.5, 0.25, 0.75)),
        twin.loop.create_task(sleeps('c', 0, -1, 1.5)),
    ]
    for task in tasks:
        twin.log(f'{await task} is done')


@virtual_scenario('sleep-cancelled')
async def sleep_cancelled(twin):
    async def sleeps(delay):
        try:
            await asyncio.sleep(delay)
        finally:
            twin.log(f'sleep of {delay} ends')

    tasks = [twin.loop.create_task(sleeps(delay)) for delay in (100, 1, 0.5)]
    twin.loop.call_later(0.5, tasks[0].cancel)
    await asyncio.sleep(0.5)
    tasks[1].cancel('enough')
    for task in tasks:
        twin.log(await twin.outcome(task))
    await asyncio.sleep(2)
    twin.log('slept on')


@virtual_script('huge-delays')
def huge_delays(twin):
    for delay in (1e9, 1e300, float('inf')):
        timer = twin.loop.call_later(delay, twin.logger('never'))
        twin.log(f'is later: {timer.when() > 1e8}')
    twin.loop.call_later(0.5, twin.logger('half a second'))
    twin.loop.call_later(1, twin.loop.stop)
    twin.run_forever()


@virtual_script('within-the-resolution')
def within_the_resolution(twin):
    twin.loop.call_later(1 + 2**-31, twin.logger('half a nanosecond later: the same turn'))
    twin.loop.call_later(1, twin.logger('a second'))
    twin.loop.call_later(1 + 2**-10, twin.logger('a millisecond later: its own'))
    twin.loop.call_later(2, twin.loop.stop)
    twin.run_forever()


@virtual_scenario('timer-handles')
async def timer_handles(twin):
    timer = twin.loop.call_later(1, twin.logger('runs'))
    same = twin.loop.call_at(1, twin.logger('runs as well'))
    zero = twin.loop.call_later(0, twin.logger('at once'))
    late = twin.loop.call_later(2, twin.logger('never'))
    twin.log(f'when: {", ".join(shown(each.when()) for each in (timer, same, zero, late))}')
    twin.log(f'order: {timer < late}, {late < timer}, {timer > zero}')
    await asyncio.sleep(1.5)
    late.cancel()
    timer.cancel()
    twin.log(f'after: {shown(timer.when())}, {timer.cancelled()}, {shown(late.when())}, {late.cancelled()}')
    await asyncio.sleep(1)
    twin.log('done')


@virtual_scenario('timer-sets-future')
async def timer_sets_future(twin):
    async def waits(name):
        twin.log(f'{name} got {await future}')

    future = twin.loop.create_future()
    tasks = [twin.loop.create_task(waits(name)) for name in ('a', 'b')]
    twin.loop.call_later(1, future.set_result, 'it')
    twin.loop.call_later(1, twin.logger('timer in the same turn'))
    twin.loop.call_later(1, lambda: twin.loop.call_soon(twin.logger('soon, behind the wake-ups')))
    for task in tasks:
        await task
    twin.log('done')


if __name__ == '__main__':
    play()
