"""Queue, LifoQueue and PriorityQueue."""

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


async def produce(twin, queue, name, items):
    for item in items:
        await queue.put(item)
        twin.log(f'{name} put {item}')


async def consume(twin, queue, name, count):
    for _ in range(count):
        twin.log(f'{name} got {await queue.get()}')


def getter(twin, queue, name):
    return spawn(twin, name, consume(twin, queue, name, 1))


def putter(twin, queue, item):
    return spawn(twin, f'put {item}', queue.put(item))


@scenario('queue-one-place')
async def queue_one_place(twin):
    queue = asyncio.Queue(1)
    await finish([
        spawn(twin, 'producer', produce(twin, queue, 'producer', range(5))),
        spawn(twin, 'consumer', consume(twin, queue, 'consumer', 5)),
    ])


@scenario('queue-without-limit')
async def queue_without_limit(twin):
    queue = asyncio.Queue()
    await finish([
        spawn(twin, 'consumer', consume(twin, queue, 'consumer', 4)),
        spawn(twin, 'producer', produce(twin, queue, 'producer', range(4))),
    ])


@scenario('queue-crowd')
async def queue_crowd(twin):
    queue = asyncio.Queue(2)
    tasks = [spawn(twin, name, produce(twin, queue, name, [f'{name}{n}' for n in range(4)])) for name in 'ab']
    tasks += [spawn(twin, name, consume(twin, queue, name, 4)) for name in 'xy']
    await finish(tasks)
    twin.log(f'{queue.qsize()} left')


@scenario('queue-get-order')
async def queue_get_order(twin):
    queue = asyncio.Queue()
    tasks = [getter(twin, queue, name) for name in 'abc']
    await twin.turns(1)
    for item in range(2):
        queue.put_nowait(item)
    tasks.append(getter(twin, queue, 'd'))
    await twin.turns(2)
    queue.put_nowait(2)
    queue.put_nowait(3)
    await finish(tasks)


@scenario('queue-item-stolen')
async def queue_item_stolen(twin):
    queue = asyncio.Queue(1)
    tasks = [getter(twin, queue, name) for name in 'ab']
    await twin.turns(1)
    queue.put_nowait(1)
    twin.log(f'main took {queue.get_nowait()}')
    await twin.turns(2)
    queue.put_nowait(2)
    await twin.turns(2)
    queue.put_nowait(3)
    await finish(tasks)
    queue.put_nowait(4)
    tasks = [putter(twin, queue, 5), putter(twin, queue, 6)]
    await twin.turns(1)
    queue.get_nowait()
    queue.put_nowait(7)
    await twin.turns(2)
    for _ in range(3):
        twin.log(f'main took {await queue.get()}')
        await twin.turns(2)
    await finish(tasks)


@scenario('queue-cancel-get')
async def queue_cancel_get(twin):
    queue = asyncio.Queue()
    tasks = [getter(twin, queue, name) for name in 'abcd']
    await twin.turns(1)
    tasks[0].cancel()
    queue.put_nowait(1)
    tasks[1].cancel()
    queue.put_nowait(2)
    await twin.turns(3)
    twin.log(f'{queue.qsize()} left')
    await finish(tasks)


@scenario('queue-cancel-get-later')
async def queue_cancel_get_later(twin):
    queue = asyncio.Queue()
    tasks = [getter(twin, queue, name) for name in 'abc']
    await twin.turns(1)
    twin.loop.call_soon(queue.put_nowait, 1)
    twin.loop.call_soon(tasks[0].cancel)
    twin.loop.call_soon(tasks[1].cancel)
    await finish(tasks)


@scenario('queue-cancel-put')
async def queue_cancel_put(twin):
    queue = asyncio.Queue(1)
    queue.put_nowait(0)
    tasks = [putter(twin, queue, item) for item in (1, 2, 3)]
    await twin.turns(1)
    twin.log(f'main took {queue.get_nowait()}')
    tasks[0].cancel()
    await twin.turns(3)
    twin.log(f'main took {queue.get_nowait()}')
    await finish(tasks)
    twin.log(f'main took {queue.get_nowait()}')
    twin.log(f'empty {queue.empty()}')


@scenario('queue-join')
async def queue_join(twin):
    queue = asyncio.Queue()
    await queue.join()
    twin.log('nothing to wait for')
    for item in range(5):
        queue.put_nowait(item)

    async def worker(name):
        while True:
            item = await queue.get()
            await twin.turns(item)
            twin.log(f'{name} did {item}')
            queue.task_done()

    tasks = [spawn(twin, name, worker(name)) for name in 'ab']
    joins = [spawn(twin, name, queue.join()) for name in ('join', 'second join')]
    await finish(joins)
    for task in tasks:
        task.cancel()
    await finish(tasks)


@scenario('queue-join-and-more')
async def queue_join_and_more(twin):
    queue = asyncio.Queue()
    queue.put_nowait(1)
    joins = [spawn(twin, 'join', queue.join())]
    await twin.turns(1)
    queue.task_done()
    queue.put_nowait(2)
    joins.append(spawn(twin, 'second join', queue.join()))
    await twin.turns(3)
    twin.log(f'second done {joins[1].done()}')
    queue.task_done()
    await finish(joins)


@scenario('queue-shutdown')
async def queue_shutdown(twin):
    queue = asyncio.Queue(2)
    queue.put_nowait(1)
    queue.put_nowait(2)
    tasks = [putter(twin, queue, item) for item in (3, 4)]
    tasks.append(spawn(twin, 'join', queue.join()))
    await twin.turns(1)
    queue.shutdown()
    twin.log('shut down')
    await twin.turns(2)
    tasks.append(spawn(twin, 'consumer', consume(twin, queue, 'consumer', 3)))
    await twin.turns(2)
    queue.task_done()
    queue.task_done()
    await finish(tasks)


@scenario('queue-shutdown-getters')
async def queue_shutdown_getters(twin):
    queue = asyncio.Queue()
    tasks = [getter(twin, queue, name) for name in 'abc']
    await twin.turns(1)
    queue.put_nowait(1)
    tasks[1].cancel()
    queue.shutdown()
    tasks[2].cancel()
    tasks.append(getter(twin, queue, 'd'))
    await finish(tasks)


@scenario('queue-shutdown-immediate')
async def queue_shutdown_immediate(twin):
    queue = asyncio.Queue(3)
    for item in range(3):
        queue.put_nowait(item)
    tasks = [putter(twin, queue, 3), spawn(twin, 'join', queue.join())]
    await twin.turns(1)
    twin.log(f'main took {await queue.get()}')
    queue.shutdown(immediate=True)
    twin.log(f'{queue.qsize()} left')
    await twin.turns(3)
    queue.task_done()
    await finish(tasks)
    await finish([getter(twin, queue, 'late'), putter(twin, queue, 4)])


@scenario('lifo-queue')
async def lifo_queue(twin):
    queue = asyncio.LifoQueue(3)
    await finish([
        spawn(twin, 'producer', produce(twin, queue, 'producer', range(7))),
        spawn(twin, 'consumer', consume(twin, queue, 'consumer', 7)),
    ])


class Job:
    def __init__(self, priority, name):
        self.priority = priority
        self.name = name

    def __lt__(self, other):
        return self.priority < other.priority


@scenario('priority-queue-ties')
async def priority_queue_ties(twin):
    queue = asyncio.PriorityQueue()
    number = 7
    for round in range(60):
        number = number * 31 % 101
        queue.put_nowait(Job(number % 4, round))
        if number % 3 == 0:
            job = queue.get_nowait()
            twin.log(f'{job.priority} {job.name}')
    while not queue.empty():
        job = queue.get_nowait()
        twin.log(f'{job.priority} {job.name}')


@scenario('priority-queue-tuples')
async def priority_queue_tuples(twin):
    queue = asyncio.PriorityQueue(4)

    async def consumer():
        for _ in range(8):
            priority, name = await queue.get()
            twin.log(f'{priority} {name}')
            await twin.turns(1)

    async def producer():
        for priority, name in zip((3, 1, 2, 1, 0, 3, 2, 1), 'hgfedcba'):
            await queue.put((priority, name))

    await finish([spawn(twin, 'producer', producer()), spawn(twin, 'consumer', consumer())])


if __name__ == '__main__':
    play()
