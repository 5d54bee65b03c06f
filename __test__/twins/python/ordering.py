"""Who runs when: callbacks, first steps and wake-ups in one queue."""

import asyncio

from twin import play, scenario, script


@script('interleaved-chains')
def interleaved_chains(twin):
    def link(name, left):
        twin.log(f'{name} {left}')
        if left > 0:
            twin.loop.call_soon(link, name, left - 1)

    for name, length in (('a', 3), ('b', 1), ('c', 2)):
        twin.loop.call_soon(link, name, length)
    twin.loop.call_soon(stop_after, twin, 4)
    twin.run_forever()


@script('arguments')
def arguments(twin):
    def takes(*args):
        twin.log(f'{len(args)}: {" ".join(map(str, args))}')

    for count in range(5):
        twin.loop.call_soon(takes, *range(count))
    twin.loop.call_soon_threadsafe(takes, 'threadsafe', 1)
    twin.loop.call_later(-1, takes, 'later', 2)
    twin.loop.call_at(-1, takes, 'at', 3)
    twin.loop.call_soon(stop_after, twin, 1)
    twin.run_forever()


@script('cancelled-handles')
def cancelled_handles(twin):
    def cancels_itself():
        itself.cancel()
        twin.log(f'cancelled itself: {itself.cancelled()}')

    def cancels_others():
        done.cancel()
        later.cancel()
        later.cancel()
        twin.log(f'cancelled what ran: {done.cancelled()}, and what has yet to run: {later.cancelled()}')

    done = twin.loop.call_soon(twin.logger('runs'))
    itself = twin.loop.call_soon(cancels_itself)
    twin.loop.call_soon(cancels_others)
    later = twin.loop.call_soon(twin.logger('never'))
    threadsafe = twin.loop.call_soon_threadsafe(twin.logger('never, threadsafe'))
    threadsafe.cancel()
    twin.log(f'before the run: {done.cancelled()}, {threadsafe.cancelled()}')
    twin.loop.call_soon(stop_after, twin, 1)
    twin.run_forever()


@script('first-steps')
def first_steps(twin):
    async def starts(name):
        twin.log(f'{name} starts')

    def creates():
        twin.loop.call_soon(twin.logger('soon 1'))
        twin.loop.create_task(starts('task 1'))
        twin.loop.call_soon(twin.logger('soon 2'))
        twin.loop.create_task(starts('task 2'))
        twin.loop.call_soon(twin.logger('soon 3'))
        twin.log('created')

    twin.loop.create_task(starts('task 0, from before the run'))
    twin.loop.call_soon(creates)
    twin.loop.call_soon(stop_after, twin, 3)
    twin.run_forever()


@scenario('wake-ups')
async def wake_ups(twin):
    async def waits(name):
        twin.log(f'{name} got {await future}')

    future = twin.loop.create_future()
    tasks = [twin.loop.create_task(waits('task 1'))]
    await twin.turns(1)
    future.add_done_callback(twin.logger('callback between'))
    tasks.append(twin.loop.create_task(waits('task 2')))
    await twin.turns(1)
    future.add_done_callback(twin.logger('callback behind'))
    twin.loop.call_soon(twin.logger('soon, before the result'))
    future.set_result('it')
    twin.loop.call_soon(twin.logger('soon, after the result'))
    twin.log('result set')
    tasks.append(twin.loop.create_task(waits('task 3, which comes late')))
    for task in tasks:
        await task
    twin.log('all done')


@scenario('fair-shares')
async def fair_shares(twin):
    async def works(name, steps):
        for step in range(steps):
            twin.log(f'{name} step {step}')
            await asyncio.sleep(0)
        twin.log(f'{name} done')

    tasks = [twin.loop.create_task(works(name, steps)) for name, steps in (('a', 1), ('b', 3), ('c', 0), ('d', 2))]
    for task in tasks:
        await task
    twin.log('all done')


@scenario('delegation')
async def delegation(twin):
    async def level(depth):
        twin.log(f'level {depth}')
        if depth == 0:
            await asyncio.sleep(0)
            return 0
        value = await level(depth - 1) + 1
        twin.log(f'back in level {depth} with {value}')
        return value

    twin.log(f'delegated: {await level(4)}')
    twin.log(f'as a task: {await twin.loop.create_task(level(2))}')


@scenario('chain-of-tasks')
async def chain_of_tasks(twin):
    async def link(depth):
        twin.log(f'link {depth} starts')
        value = 0
        if depth > 0:
            value = await twin.loop.create_task(link(depth - 1)) + 1
        twin.log(f'link {depth} returns {value}')
        return value

    twin.log(f'main got {await twin.loop.create_task(link(3))}')


@scenario('ping-pong')
async def ping_pong(twin):
    async def plays(name, mine, other):
        for _ in range(3):
            ball = await balls[mine]
            balls[mine] = twin.loop.create_future()
            twin.log(f'{name} has ball {ball}')
            balls[other].set_result(ball + 1)

    balls = [twin.loop.create_future(), twin.loop.create_future()]
    players = [twin.loop.create_task(plays('ping', 0, 1)), twin.loop.create_task(plays('pong', 1, 0))]
    balls[0].set_result(1)
    for player in players:
        await player
    twin.log(f'ball {await balls[0]} is left')


@scenario('done-in-their-turns')
async def done_in_their_turns(twin):
    async def works(name, steps):
        await twin.turns(steps)
        twin.log(f'{name} returns')

    def on_done(name):
        return lambda _: twin.log(f'{name} is done')

    tasks = []
    for name, steps in (('slow', 2), ('quick', 1), ('at once', 0)):
        task = twin.loop.create_task(works(name, steps))
        task.add_done_callback(on_done(name))
        tasks.append(task)
    for task in tasks:
        await task
        twin.log('main goes on')


@scenario('soon-from-everywhere')
async def soon_from_everywhere(twin):
    def soon(origin):
        twin.loop.call_soon(twin.logger(f'soon, from {origin}'))
        twin.log(origin)

    async def step():
        soon('a task')

    future = twin.loop.create_future()
    future.add_done_callback(lambda _: soon('a done callback'))
    twin.loop.call_soon(soon, 'a callback')
    twin.loop.call_later(0, soon, 'a timer')
    twin.loop.create_task(step())
    future.set_result('x')
    soon('main')
    await twin.turns(4)


def stop_after(twin, turns):
    """Stops the loop that many turns later, behind all that runs then."""
    if turns == 0:
        twin.loop.stop()
    else:
        twin.loop.call_soon(stop_after, twin, turns - 1)


if __name__ == '__main__':
    play()
