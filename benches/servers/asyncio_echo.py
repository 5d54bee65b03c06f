"""The echo servers on asyncio: asyncio_echo.py <asyncio|uvloop> <echo|buffered|streams|sockets|datagrams>."""

import asyncio
import os
import socket
import sys
import threading

BUFFER_SIZE = 128 * 1024  # holds a whole message of 100 KiB
READ_SIZE = 64 * 1024
BACKLOG = 100
ANY_PORT = ("127.0.0.1", 0)


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


class DatagramEcho(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data, addr)


async def stream_echo(reader, writer):
    while data := await reader.read(READ_SIZE):
        writer.write(data)
        await writer.drain()
    writer.close()


async def socket_echo(loop, connection):
    with connection:
        while data := await loop.sock_recv(connection, READ_SIZE):
            await loop.sock_sendall(connection, data)


async def accept_sockets(loop, listener):
    tasks = set()
    while True:
        connection, _ = await loop.sock_accept(listener)
        task = loop.create_task(socket_echo(loop, connection))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def exit_with_stdin():
    while os.read(0, 256):
        pass
    os._exit(0)


def announce(sockname):
    print("PORT", sockname[1], flush=True)
    threading.Thread(target=exit_with_stdin, daemon=True).start()


async def serve(server):
    announce(server.sockets[0].getsockname())
    await server.serve_forever()


async def main(service):
    loop = asyncio.get_running_loop()
    if service == "streams":
        await serve(await asyncio.start_server(stream_echo, *ANY_PORT))
    elif service == "sockets":
        listener = socket.create_server(ANY_PORT, backlog=BACKLOG)
        listener.setblocking(False)
        announce(listener.getsockname())
        await accept_sockets(loop, listener)
    elif service == "datagrams":
        transport, _ = await loop.create_datagram_endpoint(DatagramEcho, ANY_PORT)
        announce(transport.get_extra_info("sockname"))
        await loop.create_future()
    else:
        factory = BufferedEcho if service == "buffered" else Echo
        await serve(await loop.create_server(factory, *ANY_PORT))


kind, service = sys.argv[1:3]
loop_factory = None
if kind == "uvloop":
    import uvloop

    loop_factory = uvloop.new_event_loop
with asyncio.Runner(loop_factory=loop_factory) as runner:
    runner.run(main(service))
