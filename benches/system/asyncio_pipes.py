"""A long stream through a child: asyncio_pipes.py <asyncio|uvloop> <protocol|process> …; piped.ts tells the rest."""

import asyncio
import sys
from subprocess import PIPE

from measure import Meter, measure

kind, level, what, file, warmup, size, *prefix = sys.argv[1:]
PERIOD = 1_000_003
PIECE = 64 * 1024
READ_SIZE = 64 * 1024
LOOK = 32  # of a piece, in a long stream
SHORT = 256 * 1024 * 1024

if what == "echo":
    with open(file, "rb") as source:
        table = source.read(PERIOD + PIECE)
else:
    table = bytes(PERIOD + PIECE)
view = memoryview(table)


def command(length):
    return [*prefix, "cat"] if what == "echo" else [*prefix, "head", "-c", str(length), "/dev/zero"]


def pieces(length):
    position, left = 0, length if what == "echo" else 0
    while left > 0:
        part = min(PIECE, left)
        yield view[position : position + part]
        position = (position + part) % PERIOD
        left -= part


class Expected:
    def __init__(self, length):
        self.length = length
        self.position = 0

    def take(self, piece):
        end = len(piece) if self.length < SHORT else min(LOOK, len(piece))
        seen = memoryview(piece)
        for at in range(0, end, PIECE):
            part = seen[at : min(at + PIECE, end)]
            start = (self.position + at) % PERIOD
            if part != view[start : start + len(part)]:
                raise ValueError(f"wrong bytes behind {self.position + at}")
        self.position += len(piece)

    def end(self):
        if self.position != self.length:
            raise ValueError(f"{self.position} bytes came out instead of {self.length}")


class Through(asyncio.SubprocessProtocol):
    def __init__(self, length, expected, ended):
        self.pieces, self.expected, self.ended = pieces(length), expected, ended
        self.paused = False

    def connection_made(self, transport):
        self.stdin = transport.get_pipe_transport(0)
        self.pump()

    def pipe_data_received(self, fd, data):
        self.expected.take(data)

    def pause_writing(self):
        self.paused = True

    def resume_writing(self):
        self.paused = False
        self.pump()

    def connection_lost(self, exc):
        self.ended.set_result(None)

    def pump(self):
        while not self.paused:
            piece = next(self.pieces, None)
            if piece is None:
                # Not at once: closed in resume_writing, CPython's pipe forgets what it has not yet written.
                asyncio.get_running_loop().call_soon(self.stdin.close)
                return
            self.stdin.write(piece)


async def by_protocol(length):
    loop = asyncio.get_running_loop()
    expected, ended = Expected(length), loop.create_future()
    transport, _ = await loop.subprocess_exec(
        lambda: Through(length, expected, ended), *command(length), stdin=PIPE, stdout=PIPE, stderr=None
    )
    await ended
    transport.close()
    expected.end()


async def feed(stdin, length):
    for piece in pieces(length):
        stdin.write(piece)
        await stdin.drain()
    stdin.close()


async def by_process(length):
    child = await asyncio.create_subprocess_exec(*command(length), stdin=PIPE, stdout=PIPE)
    feeding = asyncio.create_task(feed(child.stdin, length))
    expected = Expected(length)
    while data := await child.stdout.read(READ_SIZE):
        expected.take(data)
    await feeding
    await child.wait()
    expected.end()


async def main():
    stream = by_process if level == "process" else by_protocol
    await stream(int(warmup))
    meter = Meter()
    await stream(int(size))
    return meter.report(bytes=int(size))


measure(kind, main())
