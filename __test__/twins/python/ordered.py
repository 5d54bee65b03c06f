"""Sets that keep the order in which things were put in, as those of JavaScript do.

CPython leaves open in which order a group cancels its tasks, and as_completed() makes them: both keep them in sets.
"""

import asyncio


class OrderedSet(dict):
    def __init__(self, values=()):
        super().__init__((value, None) for value in values)

    def add(self, value):
        self[value] = None

    def discard(self, value):
        self.pop(value, None)


class _OrderedGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = OrderedSet()

    def __repr__(self):
        return super().__repr__().replace('_OrderedGroup', 'TaskGroup')


asyncio.TaskGroup = _OrderedGroup
asyncio.tasks.set = OrderedSet
