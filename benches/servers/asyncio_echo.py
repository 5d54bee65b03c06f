"""The echo server on asyncio: asyncio_echo.py <asyncio|uvloop> <owned|buffered>."""

import asyncio
import os
import sys
import threading

BUFFER_SIZE = 128 * 1024  # holds a whole message of 100 KiB


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class BufferedEcho(asyncio.BufferedProtocol):
    # One buffer for all: asyncio and uvloop keep a view of what they could not send at once, so a write takes a copy.
    view = memoryview(bytearray(BUFFER_SIZE))

    def connection_made(self, transport):
        self.transport = transport

    def get_buffer(self, sizehint):
        return self.view

    def buffer_updated(self, nbytes):
        self.transport.write(bytes(self.view[:nbytes]))


def exit_with_stdin():
    while os.read(0, 256):
        pass
    os._exit(0)


async def main(factory):
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print("PORT", server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=exit_with_stdin, daemon=True).start()
    await server.serve_forever()


kind, protocol = sys.argv[1:3]
loop_factory = None
if kind == "uvloop":
    import uvloop

    loop_factory = uvloop.new_event_loop
with asyncio.Runner(loop_factory=loop_factory) as runner:
    runner.run(main(BufferedEcho if protocol == "buffered" else Echo))
