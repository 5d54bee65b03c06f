"""The steps with locks, queues and the like. The TypeScript side is lock-steps.ts."""

import asyncio


class LockSteps:
    def make_shared(self, program):
        self.locks = [asyncio.Lock() for _ in range(program['locks'])]
        self.semaphores = [asyncio.Semaphore(value) for value in program['semaphores']]
        self.conditions = [asyncio.Condition() for _ in range(program['conditions'])]
        self.events = [asyncio.Event() for _ in range(program['events'])]
        self.queues = [asyncio.Queue(size) for size in program['queues']]
        self.barriers = [asyncio.Barrier(parties) for parties in program['barriers']]

    def do_put_nowait(self, me, queue, item):
        self.queues[queue].put_nowait(item)
        self.log(me, f'put {item} into q{queue} at once')

    def do_get_nowait(self, me, queue):
        self.log(me, f'got {self.queues[queue].get_nowait()} from q{queue} at once')

    def do_task_done(self, me, queue):
        self.queues[queue].task_done()
        self.log(me, f'is done with an item of q{queue}')

    def do_event(self, me, event, how):
        found = self.events[event]
        if how == 'set':
            found.set()
        else:
            found.clear()
        self.log(me, f'event {event}: {how}')

    async def do_lock(self, me, lock, steps):
        async with self.locks[lock]:
            self.log(me, f'has lock {lock}')
            await self.steps(me, steps)
        self.log(me, f'released lock {lock}')

    async def do_semaphore(self, me, semaphore, steps):
        found = self.semaphores[semaphore]
        await found.acquire()
        try:
            self.log(me, f'has semaphore {semaphore}')
            await self.steps(me, steps)
        finally:
            found.release()

    async def do_notify(self, me, condition, count):
        async with self.conditions[condition]:
            self.conditions[condition].notify(count)
            self.log(me, f'notifies {count}')

    async def do_await_notice(self, me, condition):
        async with self.conditions[condition]:
            self.log(me, 'waits for notice')
            await self.conditions[condition].wait()
            self.log(me, 'was notified')

    async def do_await_event(self, me, event):
        await self.events[event].wait()
        self.log(me, f'saw event {event}')

    async def do_put(self, me, queue, item):
        await self.queues[queue].put(item)
        self.log(me, f'put {item} into q{queue}')

    async def do_get(self, me, queue):
        self.log(me, f'got {await self.queues[queue].get()} from q{queue}')

    async def do_join(self, me, queue):
        await self.queues[queue].join()
        self.log(me, f'joined q{queue}')

    async def do_meet(self, me, barrier):
        self.log(me, f'met as {await self.barriers[barrier].wait()}')
