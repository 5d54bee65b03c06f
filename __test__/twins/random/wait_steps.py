"""The steps that wait for other tasks, or for a limited time. The TypeScript side is wait-steps.ts."""

import asyncio

from virtual import InOrder
from words import shown, told

UNTIL = {'first': asyncio.FIRST_COMPLETED, 'first error': asyncio.FIRST_EXCEPTION, 'all': asyncio.ALL_COMPLETED}


class WaitSteps:
    async def do_timeout(self, me, delay, steps):
        async with asyncio.timeout(delay):
            await self.steps(me, steps)
        self.log(me, f'ended within {shown(delay)}')

    async def do_wait_for(self, me, task, delay):
        found = self.found(me, [task])
        for each in found:
            value = await self.waiting(found, asyncio.wait_for(each, delay))
            self.log(me, f'got {value} within {shown(delay)}')

    async def do_gather(self, me, tasks, all):
        if not (found := self.found(me, tasks)):
            return
        # Twice, so that no message of a cancel is compared: it is that of whichever child ended last.
        results = await self.waiting(found + found, asyncio.gather(*found, return_exceptions=all))
        # Not the messages of cancels: somebody else may have got them.
        words = [told(each).split(':')[0] if isinstance(each, BaseException) else each for each in results]
        self.log(me, f'gathered {", ".join(words)}')

    async def do_shield(self, me, task):
        found = self.found(me, [task])
        for each in found:
            self.log(me, f'got {await self.waiting(found, asyncio.shield(each))}, shielded')

    async def do_group(self, me, tasks, steps):
        async with asyncio.TaskGroup() as group:
            group._tasks = InOrder()
            for task in tasks:
                self.spawn(task, group.create_task)
                self.log(me, f'spawned t{task} in its group')
            await self.steps(me, steps)
            self.log(me, 'waits for its group')
        self.log(me, 'left its group')

    async def do_wait_any(self, me, tasks, delay, until):
        if not (found := self.found(me, tasks)):
            return
        done, pending = await asyncio.wait(found, timeout=delay, return_when=UNTIL[until])
        self.log(me, f'has done: {self._names(done)}; pending: {self._names(pending)}')

    async def do_as_completed(self, me, tasks, delay):
        # In which order those come that are done already is open: asyncio keeps them in a set.
        found = [task for task in self.found(me, tasks) if not task.done()]
        for following in asyncio.as_completed(found, timeout=delay):
            self.log(me, f'got the next: {await self.waiting(found, following)}')

    def _names(self, tasks):
        return ' '.join(sorted(f't{number}' for number, task in self.tasks.items() if task in tasks)) or 'none'
