"""What every Python scenario shares: a loop that counts its turns, and a trace.

The TypeScript side is ../scenario.ts, name for name. A trace line is "turn N: event"; turn 1 is the loop's
first, until zero() or count_from_here() makes another turn number 0. In virtual time it is
"time T turn N: event", with T in seconds from the loop's beginning.
"""

import asyncio
import re
import sys

from sides import BufferedSide, Client, Server, Side
from virtual import TurnLoop, VirtualLoop
from words import Boom, said, shown, tried, word

BIG = 16 * 1024 * 1024  # bytes; more than the kernel takes for one loopback connection that nobody reads

_scenarios = {}


class Twin:
    def __init__(self, virtual):
        self.loop = VirtualLoop() if virtual else TurnLoop()
        self._virtual = virtual
        self.lines = []
        self._base = 0
        self._lost = 0
        self._both_lost = self.loop.create_future()
        self._servers = []
        self.loop.set_exception_handler(self._on_exception)
        give_up = 1e6 if virtual else 10
        self.loop.call_later(give_up, self._give_up, give_up)

    def log(self, event):
        for python, ours in (('True', 'true'), ('False', 'false'), ('None', 'null')):
            event = re.sub(rf'\b{python}\b', ours, event)
        time = f'time {shown(self.loop.time())} ' if self._virtual else ''
        self.lines.append(f'{time}turn {self.loop.turns - self._base}: {event}')

    def logger(self, event):
        return lambda *_: self.log(event)

    def zero(self):
        """Forgets what was logged; this turn is turn 0."""
        self.lines.clear()
        self._base = self.loop.turns

    def count_from_here(self, event):
        """Logs an event whose turn is up to the kernel; what follows is counted from it."""
        self._base = self.loop.turns
        self.log(event)

    async def turns(self, count):
        for _ in range(count):
            await asyncio.sleep(0)

    def run_forever(self):
        self.loop.run_forever()

    async def steps(self, name, count):
        """Waits that many turns, step by step, and tells of what ends it early."""
        try:
            for step in range(count):
                self.log(f'{name} step {step}')
                await asyncio.sleep(0)
            return f'{name} done'
        except BaseException as error:
            self.log(f'{name} caught {said(error)}')
            raise

    async def caught(self, future=None):
        """Waits for a future, without end if need be; gives the error that ended it."""
        try:
            await (future or self.loop.create_future())
        except BaseException as error:
            return error

    def ran(self, awaitable, words=word):
        """What became of a run until the awaitable was complete."""
        return tried(lambda: self.loop.run_until_complete(awaitable), words)

    async def outcome(self, awaitable, words=word):
        """What became of the awaitable: its result, or its error by the words."""
        try:
            return shown(await awaitable)
        except BaseException as error:
            return f'raised {words(error)}'

    async def listen(self, factory, host='127.0.0.1'):
        server = await self.loop.create_server(factory, host, 0)
        self.closes(server)
        return server

    def closes(self, server):
        """Closes the server when the scenario is over."""
        self._servers.append(server)

    async def connect(self, server, factory):
        host, port = server.sockets[0].getsockname()
        return await self.loop.create_connection(factory, host, port)

    async def pair(self, server_class, client_class):
        """Two connected sides, at rest; then turn 0."""
        made = []
        server = await self.listen(lambda: made.append(server_class(self)) or made[0])
        _, client = await self.connect(server, lambda: client_class(self))
        await self.turns(6)
        self.zero()
        return made[0], client

    def side_lost(self):
        self._lost += 1
        if self._lost == 2:
            self._both_lost.set_result(None)

    async def both_lost(self):
        await self._both_lost

    def _on_exception(self, _loop, context):
        # When an error that nobody asked for is reported is up to the collectors of garbage.
        if context['message'].endswith('was never retrieved'):
            return
        keys = sorted(set(context) & {'handle', 'protocol', 'task', 'transport'})
        self.log(f'exception handler: {word(context.get("exception"))} ({", ".join(keys)})')

    def _give_up(self, seconds):
        self.log(f'nothing more within {seconds:.0f} s')
        self.loop.stop()

    def close(self):
        for server in self._servers:
            server.close()
        self.loop.close()


def scenario(name, virtual=False):
    """A coroutine function that is run until complete."""

    def register(main):
        _scenarios[name] = (virtual, lambda twin: twin.loop.run_until_complete(main(twin)))
        return main

    return register


def script(name, virtual=False):
    """A plain function that starts the loop itself, as often as it likes."""

    def register(main):
        _scenarios[name] = (virtual, main)
        return main

    return register


def virtual_scenario(name):
    """A scenario in virtual time."""
    return scenario(name, virtual=True)


def virtual_script(name):
    """A script in virtual time."""
    return script(name, virtual=True)


def play():
    """Prints the trace of every scenario of the file under a "## name" line."""
    assert sys.version_info[:2] == (3, 13), "the traces are CPython 3.13's"
    for name, (virtual, run) in _scenarios.items():
        twin = Twin(virtual)
        run(twin)
        print(f'## {name}')
        print('\n'.join(twin.lines))
        twin.close()
