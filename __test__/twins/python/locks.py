"""Lock, Event, Condition, Semaphore and Barrier."""

import asyncio

from twin import play, scenario, word


def spawn(twin, name, body):
    """A task that logs what its body ends with."""

    async def main():
        try:
            await body
        except (asyncio.CancelledError, Exception) as error:
            twin.log(f'{name}: {word(error)}')
        else:
            twin.log(f'{name} ends')

    return twin.loop.create_task(main())


async def finish(tasks):
    for task in tasks:
        await task


async def hold(twin, lock, name, turns):
    async with lock:
        twin.log(f'{name} has it')
        await twin.turns(turns)
        twin.log(f'{name} lets go')


@scenario('lock-order')
async def lock_order(twin):
    lock = asyncio.Lock()
    tasks = [spawn(twin, name, hold(twin, lock, name, index)) for index, name in enumerate('abcd')]
    await finish(tasks)
    twin.log(f'locked {lock.locked()}')


@scenario('lock-again-and-again')
async def lock_again_and_again(twin):
    lock = asyncio.Lock()

    async def worker(name):
        for count in range(3):
            async with lock:
                twin.log(f'{name} {count}')
            await twin.turns(count)

    await finish([spawn(twin, name, worker(name)) for name in 'abc'])


@scenario('lock-releaser-waits')
async def lock_releaser_waits(twin):
    lock = asyncio.Lock()
    await lock.acquire()
    task = spawn(twin, 'a', hold(twin, lock, 'a', 2))
    await twin.turns(1)
    lock.release()
    twin.log(f'released, locked {lock.locked()}')
    await lock.acquire()
    twin.log('main has it')
    await task


@scenario('lock-cancel-and-release')
async def lock_cancel_and_release(twin):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [spawn(twin, name, hold(twin, lock, name, 1)) for name in 'abc']
    await twin.turns(1)
    tasks[0].cancel()
    lock.release()
    twin.log(f'cancelled and released, locked {lock.locked()}')
    await finish(tasks)


@scenario('lock-cancel-woken')
async def lock_cancel_woken(twin):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [spawn(twin, name, hold(twin, lock, name, 1)) for name in 'abc']
    await twin.turns(1)
    lock.release()
    tasks[0].cancel()
    twin.loop.call_soon(tasks[1].cancel)
    await finish(tasks)


@scenario('lock-all-cancelled')
async def lock_all_cancelled(twin):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [spawn(twin, name, hold(twin, lock, name, 1)) for name in 'ab']
    await twin.turns(1)
    for task in tasks:
        task.cancel()
    lock.release()
    await lock.acquire()
    twin.log('main has it')
    tasks.append(spawn(twin, 'c', hold(twin, lock, 'c', 0)))
    await twin.turns(2)
    lock.release()
    await finish(tasks)


@scenario('lock-cancel-holder')
async def lock_cancel_holder(twin):
    lock = asyncio.Lock()
    tasks = [spawn(twin, name, hold(twin, lock, name, 3)) for name in 'abc']
    await twin.turns(2)
    tasks[0].cancel()
    tasks[1].cancel()
    await finish(tasks)


@scenario('event-set-and-clear')
async def event_set_and_clear(twin):
    event = asyncio.Event()

    async def waiter(name):
        twin.log(f'{name} got {await event.wait()}')

    tasks = [spawn(twin, name, waiter(name)) for name in 'ab']
    await twin.turns(1)
    tasks.append(spawn(twin, 'c', waiter('c')))
    event.set()
    twin.log(f'set {event.is_set()}')
    event.clear()
    await twin.turns(1)
    tasks.append(spawn(twin, 'd', waiter('d')))
    await twin.turns(1)
    event.set()
    tasks.append(spawn(twin, 'e', waiter('e')))
    await finish(tasks)


@scenario('event-cancel')
async def event_cancel(twin):
    event = asyncio.Event()
    tasks = [spawn(twin, name, event.wait()) for name in 'abc']
    await twin.turns(1)
    tasks[0].cancel()
    event.set()
    tasks[1].cancel()
    await finish(tasks)


async def notified(twin, condition, name, turns):
    async with condition:
        twin.log(f'{name} waits')
        twin.log(f'{name} got {await condition.wait()}')
        await twin.turns(turns)


@scenario('condition-notify')
async def condition_notify(twin):
    condition = asyncio.Condition()
    tasks = [spawn(twin, name, notified(twin, condition, name, index)) for index, name in enumerate('abcde')]
    await twin.turns(2)
    async with condition:
        condition.notify()
        twin.log('notified one')
        await twin.turns(2)
    await twin.turns(2)
    async with condition:
        condition.notify(2)
        twin.log('notified two')
    await twin.turns(2)
    async with condition:
        condition.notify_all()
        twin.log('notified all')
    await finish(tasks)


@scenario('condition-wait-for')
async def condition_wait_for(twin):
    condition = asyncio.Condition()
    items = []

    async def consumer(name):
        async with condition:
            for _ in range(2):
                await condition.wait_for(lambda: len(items) > 0)
                twin.log(f'{name} took {items.pop(0)}')

    async def producer():
        for item in range(6):
            async with condition:
                items.append(item)
                condition.notify()
            await twin.turns(item % 3)

    tasks = [spawn(twin, name, consumer(name)) for name in 'abc']
    tasks.append(spawn(twin, 'producer', producer()))
    await finish(tasks)


@scenario('condition-cancel-waiting')
async def condition_cancel_waiting(twin):
    condition = asyncio.Condition()
    tasks = [spawn(twin, name, notified(twin, condition, name, 1)) for name in 'ab']
    await twin.turns(2)
    await condition.acquire()
    tasks[0].cancel()
    await twin.turns(2)
    tasks[0].cancel()
    await twin.turns(2)
    twin.log(f'a done {tasks[0].done()}')
    condition.release()
    await tasks[0]
    async with condition:
        condition.notify()
    await finish(tasks)


@scenario('condition-cancel-notified')
async def condition_cancel_notified(twin):
    condition = asyncio.Condition()
    tasks = [spawn(twin, name, notified(twin, condition, name, 0)) for name in 'abc']
    await twin.turns(2)
    async with condition:
        condition.notify()
        tasks[0].cancel()
        twin.log('notified a, and cancelled it')
    await twin.turns(4)
    async with condition:
        condition.notify()
        twin.log('notified the last')
    await finish(tasks)


@scenario('condition-cancel-relock')
async def condition_cancel_relock(twin):
    condition = asyncio.Condition()
    tasks = [spawn(twin, name, notified(twin, condition, name, 0)) for name in 'abc']
    await twin.turns(2)
    async with condition:
        condition.notify()
        await twin.turns(1)
        tasks[0].cancel()
        twin.log('cancelled a, which waits for the lock')
        await twin.turns(2)
    await twin.turns(4)
    async with condition:
        condition.notify_all()
    await finish(tasks)


@scenario('conditions-of-one-lock')
async def conditions_of_one_lock(twin):
    lock = asyncio.Lock()
    ping = asyncio.Condition(lock)
    pong = asyncio.Condition(lock)

    async def player(name, mine, other):
        async with lock:
            for count in range(3):
                twin.log(f'{name} {count}')
                other.notify()
                if count < 2:
                    await mine.wait()

    await finish([spawn(twin, 'ping', player('ping', ping, pong)), spawn(twin, 'pong', player('pong', pong, ping))])


@scenario('condition-unlocked')
async def condition_unlocked(twin):
    condition = asyncio.Condition()
    await spawn(twin, 'wait', condition.wait())
    await spawn(twin, 'wait for', condition.wait_for(lambda: False))
    twin.log(f'at once {await condition.wait_for(lambda: 7)}')


@scenario('semaphore-order')
async def semaphore_order(twin):
    semaphore = asyncio.Semaphore(2)
    tasks = [spawn(twin, name, hold(twin, semaphore, name, index % 3)) for index, name in enumerate('abcdef')]
    await finish(tasks)
    twin.log(f'locked {semaphore.locked()}')


@scenario('semaphore-fair')
async def semaphore_fair(twin):
    semaphore = asyncio.Semaphore(1)

    async def worker(name):
        for count in range(2):
            await semaphore.acquire()
            twin.log(f'{name} {count}')
            await twin.turns(1)
            semaphore.release()

    await finish([spawn(twin, name, worker(name)) for name in 'abc'])


@scenario('semaphore-wakes-several')
async def semaphore_wakes_several(twin):
    semaphore = asyncio.Semaphore(0)

    async def taker(name):
        await semaphore.acquire()
        twin.log(f'{name} has one, locked {semaphore.locked()}')

    async def giver():
        for _ in range(3):
            semaphore.release()
        twin.log(f'gave three, locked {semaphore.locked()}')
        await taker('giver')

    tasks = [spawn(twin, 'a', taker('a')), spawn(twin, 'giver', giver()), spawn(twin, 'b', taker('b'))]
    tasks.append(spawn(twin, 'c', taker('c')))
    await twin.turns(4)
    semaphore.release()
    await finish(tasks)


@scenario('semaphore-cancel')
async def semaphore_cancel(twin):
    semaphore = asyncio.Semaphore(0)
    tasks = [spawn(twin, name, hold(twin, semaphore, name, 0)) for name in 'abcd']
    await twin.turns(1)
    tasks[0].cancel()
    semaphore.release()
    tasks[1].cancel()
    twin.log(f'released, locked {semaphore.locked()}')
    await twin.turns(1)
    twin.log(f'locked {semaphore.locked()}')
    await finish(tasks)
    twin.log(f'locked {semaphore.locked()}')


@scenario('semaphore-cancel-last')
async def semaphore_cancel_last(twin):
    semaphore = asyncio.Semaphore(1)

    async def first():
        async with semaphore:
            await twin.turns(1)
        tasks[1].cancel()

    tasks = [spawn(twin, 'a', first()), spawn(twin, 'b', hold(twin, semaphore, 'b', 1))]
    await finish(tasks)
    await semaphore.acquire()
    twin.log('main has it')


def meeting(twin, barrier, name):
    async def wait():
        twin.log(f'{name} comes')
        index = await barrier.wait()
        twin.log(f'{name} goes, number {index}, {barrier.n_waiting} wait')

    return spawn(twin, name, wait())


@scenario('barrier-twice')
async def barrier_twice(twin):
    barrier = asyncio.Barrier(3)
    tasks = [meeting(twin, barrier, name) for name in 'abcd']
    await twin.turns(2)
    twin.log(f'{barrier.n_waiting} wait')
    tasks += [meeting(twin, barrier, name) for name in 'ef']
    await finish(tasks)
    twin.log(f'{barrier.n_waiting} wait, broken {barrier.broken}')


@scenario('barrier-rounds')
async def barrier_rounds(twin):
    barrier = asyncio.Barrier(3)

    async def worker(name, turns):
        for count in range(3):
            await twin.turns(turns)
            twin.log(f'{name} round {count}, number {await barrier.wait()}')

    await finish([spawn(twin, name, worker(name, turns)) for turns, name in enumerate('abc')])


@scenario('barrier-reset')
async def barrier_reset(twin):
    barrier = asyncio.Barrier(3)
    tasks = [meeting(twin, barrier, name) for name in 'ab']
    await twin.turns(1)
    await barrier.reset()
    twin.log(f'reset, {barrier.n_waiting} wait')
    tasks += [meeting(twin, barrier, name) for name in 'cde']
    await finish(tasks)
    await barrier.reset()
    twin.log(f'reset again, broken {barrier.broken}')


@scenario('barrier-reset-draining')
async def barrier_reset_draining(twin):
    barrier = asyncio.Barrier(4)

    async def worker(name):
        index = await barrier.wait()
        twin.log(f'{name} goes, number {index}')
        if name == 'd':
            await barrier.reset()
            twin.log('d has reset')

    tasks = [spawn(twin, name, worker(name)) for name in 'abcd']
    await twin.turns(2)
    tasks.append(meeting(twin, barrier, 'late'))
    await finish(tasks[:4])
    tasks += [meeting(twin, barrier, name) for name in 'xyz']
    await finish(tasks)


@scenario('barrier-abort')
async def barrier_abort(twin):
    barrier = asyncio.Barrier(3)
    tasks = [meeting(twin, barrier, name) for name in 'ab']
    await twin.turns(1)
    await barrier.abort()
    twin.log(f'broken {barrier.broken}, {barrier.n_waiting} wait')
    tasks.append(meeting(twin, barrier, 'c'))
    await finish(tasks)
    await barrier.reset()
    twin.log(f'broken {barrier.broken}')
    await finish([meeting(twin, barrier, name) for name in 'def'])


@scenario('barrier-cancel')
async def barrier_cancel(twin):
    barrier = asyncio.Barrier(3)
    tasks = [meeting(twin, barrier, name) for name in 'ab']
    await twin.turns(1)
    tasks[0].cancel()
    await twin.turns(1)
    twin.log(f'{barrier.n_waiting} wait')
    tasks += [meeting(twin, barrier, name) for name in 'cd']
    await twin.turns(1)
    tasks[1].cancel()
    await finish(tasks)
    twin.log(f'{barrier.n_waiting} wait, broken {barrier.broken}')


if __name__ == '__main__':
    play()
