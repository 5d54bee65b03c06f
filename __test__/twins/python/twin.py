"""What every Python scenario shares: a loop that counts its turns, a trace, and protocols that log.

The TypeScript side is ../scenario.ts, name for name. A trace line is "turn N: event"; turn 1 is the loop's
first, until zero() or count_from_here() makes another turn number 0.
"""

import asyncio
import errno
import sys

BIG = 16 * 1024 * 1024  # bytes; more than the kernel takes for one loopback connection that nobody reads

_scenarios = {}


class Boom(Exception):
    """The error that scenarios raise on purpose."""


class TurnLoop(asyncio.SelectorEventLoop):
    turns = 0

    def _run_once(self):
        self.turns += 1
        super()._run_once()


def word(error):
    """An error in a word that both languages share."""
    if error is None:
        return 'no error'
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode[error.errno]
    return type(error).__name__


class Twin:
    def __init__(self):
        self.loop = TurnLoop()
        self.lines = []
        self._base = 0
        self._lost = 0
        self._both_lost = self.loop.create_future()
        self._servers = []
        self.loop.set_exception_handler(self._on_exception)

    def log(self, event):
        event = event.replace('True', 'true').replace('False', 'false')  # as JavaScript prints them
        self.lines.append(f'turn {self.loop.turns - self._base}: {event}')

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

    async def listen(self, factory):
        server = await self.loop.create_server(factory, '127.0.0.1', 0)
        self._servers.append(server)
        return server

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
        keys = sorted(set(context) & {'handle', 'protocol', 'task', 'transport'})
        self.log(f'exception handler: {word(context.get("exception"))} ({", ".join(keys)})')

    def close(self):
        for server in self._servers:
            server.close()
        self.loop.close()


class Recorder:
    """Logs every call that the loop makes to a protocol."""

    name = 'a side'

    def __init__(self, twin):
        self.twin = twin
        self.transport = None

    def log(self, event):
        self.twin.log(f'{self.name} {event}')

    def connection_made(self, transport):
        self.transport = transport
        self.log('connection made')

    def eof_received(self):
        self.log('eof')

    def connection_lost(self, error):
        self.log(f'connection lost: {word(error)}')
        self.twin.side_lost()

    def pause_writing(self):
        self.log('pause writing')

    def resume_writing(self):
        self.log('resume writing')


class Side(Recorder, asyncio.Protocol):
    def data_received(self, data):
        self.log(f'data {data.decode()}')


class BufferedSide(Recorder, asyncio.BufferedProtocol):
    def __init__(self, twin):
        super().__init__(twin)
        self.buffer = bytearray(64)

    def get_buffer(self, sizehint):
        self.log(f'get buffer {sizehint}')
        return self.buffer

    def buffer_updated(self, nbytes):
        self.log(f'buffer updated {self.buffer[:nbytes].decode()}')


class Server(Side):
    name = 'server'


class Client(Side):
    name = 'client'


def scenario(name):
    """A coroutine function that is run until complete."""

    def register(main):
        _scenarios[name] = lambda twin: twin.loop.run_until_complete(main(twin))
        return main

    return register


def script(name):
    """A plain function that starts the loop itself, as often as it likes."""

    def register(main):
        _scenarios[name] = main
        return main

    return register


def play():
    """Prints the trace of every scenario of the file under a "## name" line."""
    assert sys.version_info[:2] == (3, 13), 'the traces are CPython 3.13\'s'
    for name, run in _scenarios.items():
        twin = Twin()
        run(twin)
        print(f'## {name}')
        print('\n'.join(twin.lines))
        twin.close()
