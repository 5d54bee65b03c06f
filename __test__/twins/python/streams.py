"""Streams: who waits at a reader or a writer, and when they go on."""

import asyncio

from twin import Boom, play, scenario, word


async def serve(twin, handler):
    server = await asyncio.start_server(handler, '127.0.0.1', 0)
    twin.closes(server)
    return server.sockets[0].getsockname()[1]


async def pair(twin):
    """Both ends of a connection, at rest; then turn 0."""
    accepted = twin.loop.create_future()
    port = await serve(twin, lambda *ends: accepted.set_result(ends))
    ours = await asyncio.open_connection('127.0.0.1', port)
    theirs = await accepted
    await twin.turns(6)
    twin.zero()
    return (*theirs, *ours)


class Nowhere(asyncio.Transport):
    """A transport that does nothing."""

    closing = False

    def is_closing(self):
        return self.closing

    def close(self):
        pass


def by_hand(twin):
    """A reader, a protocol and a writer without a connection."""
    reader = asyncio.StreamReader(limit=8)
    protocol = asyncio.StreamReaderProtocol(reader)
    nowhere = Nowhere()
    return reader, protocol, asyncio.StreamWriter(nowhere, protocol, reader, twin.loop), nowhere


def spawn(twin, name, wait):
    async def main():
        try:
            result = await wait
        except (asyncio.CancelledError, Exception) as error:
            twin.log(f'{name} raised {word(error)}')
        else:
            twin.log(f'{name} has {"nothing" if result is None else result.decode().strip() or "the end"}')

    return twin.loop.create_task(main())


async def finish(*tasks):
    for task in tasks:
        await task


@scenario('stream-open')
async def stream_open(twin):
    served = twin.loop.create_future()

    async def handler(reader, writer):
        twin.log('served')
        writer.write(b'hello\n')
        await writer.drain()
        twin.log('drained')
        served.set_result(None)
        await reader.read()
        writer.close()

    port = await serve(twin, handler)
    twin.zero()
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    twin.log('open')
    line = await reader.readline()
    twin.log(f'read {line.decode().strip()}')
    await served
    writer.close()
    await writer.wait_closed()
    twin.log('closed')
    await twin.turns(5)


@scenario('stream-plain-callback')
async def stream_plain_callback(twin):
    async def later(writer):
        twin.log('task')
        writer.close()

    def handler(_reader, writer):
        twin.log('called')
        twin.loop.create_task(later(writer))

    port = await serve(twin, handler)
    twin.zero()
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    twin.log('open')
    await reader.read()
    twin.log('end')
    writer.close()
    await writer.wait_closed()
    await twin.turns(5)


@scenario('stream-callback-gives-coroutine')
async def stream_callback_gives_coroutine(twin):
    async def serves(writer):
        twin.log('coroutine')
        writer.close()

    def handler(_reader, writer):
        twin.log('called')
        return serves(writer)

    port = await serve(twin, handler)
    twin.zero()
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    await reader.read()
    twin.log('end')
    writer.close()
    await writer.wait_closed()
    await twin.turns(5)


@scenario('stream-read')
async def stream_read(twin):
    reader, server, _, writer = await pair(twin)
    task = spawn(twin, 'reader', reader.readline())
    await twin.turns(2)
    writer.write(b'a line\n')
    twin.log('written')
    await task
    writer.write_eof()
    twin.log('ended')
    await spawn(twin, 'reader', reader.read())
    server.close()
    twin.log('server closed')
    await server.wait_closed()
    twin.log('wait_closed')
    writer.close()
    await writer.wait_closed()


@scenario('stream-read-there')
async def stream_read_there(twin):
    reader = asyncio.StreamReader(limit=8)
    reader.feed_data(b'one\ntwo\n')
    twin.loop.call_soon(twin.logger('next turn'))
    for _ in range(2):
        line = await reader.readline()
        twin.log(f'read {line.decode().strip()}')
    await twin.turns(1)
    twin.log('a turn later')


@scenario('stream-read-pieces')
async def stream_read_pieces(twin):
    reader = asyncio.StreamReader(limit=8)
    task = spawn(twin, 'reader', reader.readexactly(6))
    for _ in range(3):
        await twin.turns(1)
        reader.feed_data(b'ab')
        twin.log('fed')
    await task
    task = spawn(twin, 'reader', reader.readline())
    for piece in (b'a', b'b', b'\n'):
        await twin.turns(2)
        reader.feed_data(piece)
        twin.log('fed')
    await task
    task = spawn(twin, 'reader', reader.read())
    for piece in (b'a', b'b'):
        await twin.turns(1)
        reader.feed_data(piece)
    await twin.turns(1)
    reader.feed_eof()
    twin.log('ended')
    await task


@scenario('stream-read-cancel')
async def stream_read_cancel(twin):
    reader = asyncio.StreamReader(limit=8)
    task = spawn(twin, 'reader', reader.readline())
    await twin.turns(1)
    task.cancel()
    twin.log('cancelled')
    await task
    task = spawn(twin, 'reader', reader.readline())
    await twin.turns(1)
    reader.feed_data(b'line\n')
    task.cancel()
    twin.log('fed and cancelled')
    await task
    await spawn(twin, 'reader', reader.readline())


@scenario('stream-second-reader')
async def stream_second_reader(twin):
    reader = asyncio.StreamReader(limit=8)
    first = spawn(twin, 'first', reader.readline())
    await twin.turns(1)
    await spawn(twin, 'second', reader.readline())
    first.cancel()
    twin.log('first cancelled')
    await spawn(twin, 'third', reader.read(0))
    reader.feed_data(b'x')
    await finish(first)
    await spawn(twin, 'fourth', reader.read(1))


@scenario('stream-error-while-waiting')
async def stream_error_while_waiting(twin):
    reader, protocol, writer, nowhere = by_hand(twin)
    protocol.pause_writing()
    closed = spawn(twin, 'wait_closed', writer.wait_closed())
    tasks = [spawn(twin, f'drain {name}', writer.drain()) for name in 'ab']
    reading = spawn(twin, 'reader', reader.readline())
    await twin.turns(2)
    protocol.connection_lost(Boom())
    twin.log('lost')
    await finish(closed, reading, *tasks)
    await spawn(twin, 'drain again', writer.drain())
    await spawn(twin, 'wait_closed again', writer.wait_closed())
    nowhere.closing = True


@scenario('stream-lost-while-waiting')
async def stream_lost_while_waiting(twin):
    reader, protocol, writer, nowhere = by_hand(twin)
    protocol.pause_writing()
    tasks = [spawn(twin, f'drain {name}', writer.drain()) for name in 'ab']
    closed = spawn(twin, 'wait_closed', writer.wait_closed())
    reading = spawn(twin, 'reader', reader.read())
    await twin.turns(2)
    nowhere.closing = True
    protocol.connection_lost(None)
    twin.log('lost')
    await finish(closed, reading, *tasks)
    await spawn(twin, 'drain again', writer.drain())
    await spawn(twin, 'wait_closed again', writer.wait_closed())


@scenario('stream-drain')
async def stream_drain(twin):
    _, protocol, writer, nowhere = by_hand(twin)
    await writer.drain()
    twin.log('no need to wait')
    protocol.pause_writing()
    tasks = [spawn(twin, name, writer.drain()) for name in 'abc']
    await twin.turns(2)
    tasks[1].cancel()
    twin.log('b cancelled')
    await twin.turns(2)
    protocol.resume_writing()
    protocol.pause_writing()
    twin.log('resumed and paused')
    last = spawn(twin, 'd', writer.drain())
    await finish(*tasks)
    protocol.resume_writing()
    twin.log('resumed')
    await last
    nowhere.closing = True


@scenario('stream-drain-closing')
async def stream_drain_closing(twin):
    _, server, reader, writer = await pair(twin)
    writer.close()
    twin.log('closed')
    writer.write(b'data')
    await spawn(twin, 'drain', writer.drain())
    await spawn(twin, 'drain', writer.drain())
    await spawn(twin, 'reader', reader.read())
    server.close()
    await server.wait_closed()


@scenario('stream-close-while-reading')
async def stream_close_while_reading(twin):
    _, server, reader, writer = await pair(twin)
    task = spawn(twin, 'reader', reader.readline())
    closed = spawn(twin, 'wait_closed', writer.wait_closed())
    await twin.turns(2)
    writer.close()
    twin.log('closed')
    await finish(task, closed)
    server.close()
    await server.wait_closed()


@scenario('stream-handler-error')
async def stream_handler_error(twin):
    async def handler(_reader, _writer):
        twin.log('served')
        await asyncio.sleep(0)
        raise Boom

    port = await serve(twin, handler)
    twin.zero()
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    await reader.read()
    twin.log('end')
    writer.close()
    await writer.wait_closed()


@scenario('stream-handler-cancelled')
async def stream_handler_cancelled(twin):
    async def handler(_reader, _writer):
        twin.log('served')
        task = asyncio.current_task()
        twin.loop.call_soon(task.cancel)
        await twin.loop.create_future()

    port = await serve(twin, handler)
    twin.zero()
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    await reader.read()
    twin.log('end')
    writer.close()
    await writer.wait_closed()


@scenario('stream-half-open')
async def stream_half_open(twin):
    reader, server, client, writer = await pair(twin)
    writer.write(b'question')
    writer.write_eof()
    twin.log('asked')
    await spawn(twin, 'server', reader.read())
    server.write(b'answer')
    server.close()
    twin.log('answered and closed')
    await spawn(twin, 'client', client.read())
    writer.close()
    await writer.wait_closed()


if __name__ == '__main__':
    play()
