"""CPython's loop as the scenarios run it: it counts its turns, and in virtual time it never waits."""

import asyncio
import itertools
import selectors


class TurnLoop(asyncio.SelectorEventLoop):
    turns = 0

    def _run_once(self):
        self.turns += 1
        super()._run_once()


class VirtualLoop(TurnLoop):
    """Its time moves only when nothing is ready, and then to the next deadline."""

    def __init__(self):
        self.now = 0.0
        super().__init__(_Selector(self))

    def time(self):
        return self.now


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop):
        super().__init__()
        self._loop = loop

    def select(self, timeout=None):
        ready = super().select(None if timeout is None else 0)
        if timeout and not ready:
            self._loop.now += timeout
        return ready


class _OrderedTimer(asyncio.TimerHandle):
    """CPython leaves the order of equal deadlines open (its heap is not stable); here it is that of their making."""

    _numbers = itertools.count()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._number = next(self._numbers)

    def __lt__(self, other):
        return (self._when, self._number) < (other._when, other._number)


asyncio.events.TimerHandle = _OrderedTimer


class InOrder(dict):
    """For a task group's set of tasks: CPython leaves open in which order they are cancelled; here that of their making."""

    def add(self, task):
        self[task] = None

    def discard(self, task):
        self.pop(task, None)
