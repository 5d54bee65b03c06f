"""The two ends of a pipe as transports."""

import asyncio
import os
import tempfile

from twin import Side, play, said, scenario

HALF = 100_000  # bytes; a pipe takes 65,536


class Reading(Side):
    name = 'reader'


class Writing(Side):
    name = 'writer'


def ends():
    reader, writer = os.pipe()
    return os.fdopen(reader, 'rb', 0), os.fdopen(writer, 'wb', 0)


async def reading(twin, side=Reading):
    """A reading transport at rest, and the other end."""
    reader, writer = ends()
    _, protocol = await twin.loop.connect_read_pipe(lambda: side(twin), reader)
    await twin.turns(3)
    twin.zero()
    return protocol, writer


async def writing(twin, side=Writing):
    """A writing transport at rest, and the other end."""
    reader, writer = ends()
    _, protocol = await twin.loop.connect_write_pipe(lambda: side(twin), writer)
    await twin.turns(3)
    twin.zero()
    return protocol, reader


def take(reader):
    return len(os.read(reader.fileno(), 1 << 20))


@scenario('pipe-read-connect')
async def read_connect(twin):
    reader, writer = ends()
    writer.write(b'early')
    twin.log('calls')
    await twin.loop.connect_read_pipe(lambda: Reading(twin), reader)
    twin.log('connect_read_pipe returned')
    await twin.turns(3)
    writer.close()
    twin.log('writer closed')
    await twin.turns(5)


@scenario('pipe-write-connect')
async def write_connect(twin):
    reader, writer = ends()
    reader.close()
    twin.log('calls')
    await twin.loop.connect_write_pipe(lambda: Writing(twin), writer)
    twin.log('connect_write_pipe returned')
    await twin.turns(5)


@scenario('pipe-data-and-end')
async def data_and_end(twin):
    _, writer = await reading(twin)
    writer.write(b'last words')
    writer.close()
    twin.log('written and closed')
    await twin.turns(6)


@scenario('pipe-eof-true')
async def eof_true(twin):
    class KeepsOpen(Reading):
        def eof_received(self):
            super().eof_received()
            self.transport.pause_reading()
            self.transport.resume_reading()
            self.transport.close()
            self.log(f'reading {self.transport.is_reading()}')
            self.twin.loop.call_soon(self.twin.logger('soon, after the end'))
            return True

    _, writer = await reading(twin, KeepsOpen)
    writer.close()
    twin.log('closed')
    await twin.turns(6)


@scenario('pipe-eof-error')
async def eof_error(twin):
    class Raises(Reading):
        def eof_received(self):
            super().eof_received()
            raise ValueError('on purpose')

    twin.loop.set_exception_handler(lambda _loop, context: twin.log(f'reported {said(context["exception"])}'))
    _, writer = await reading(twin, Raises)
    writer.close()
    twin.log('closed')
    await twin.turns(6)


@scenario('pipe-close-in-data')
async def close_in_data(twin):
    class Closes(Reading):
        def data_received(self, data):
            super().data_received(data)
            self.transport.close()
            self.transport.close()

    _, writer = await reading(twin, Closes)
    writer.write(b'first')
    twin.log('written')
    await twin.turns(2)
    try:
        writer.write(b'second')
    except BrokenPipeError:
        twin.log('nobody reads')
    writer.close()
    await twin.turns(3)


@scenario('pipe-close-drops-unread')
async def close_drops_unread(twin):
    protocol, writer = await reading(twin)
    writer.write(b'never seen')
    protocol.transport.close()
    twin.log('written, transport closed')
    await twin.turns(4)
    writer.close()


@scenario('pipe-pause-and-resume')
async def pause_and_resume(twin):
    protocol, writer = await reading(twin)
    protocol.transport.pause_reading()
    writer.write(b'waits')
    twin.log('paused and written')
    await twin.turns(3)
    writer.close()
    twin.log('closed')
    await twin.turns(3)
    protocol.transport.resume_reading()
    twin.log('resumed')
    await twin.turns(6)


@scenario('pipe-pause-before-dispatch')
async def pause_before_dispatch(twin):
    protocol, writer = await reading(twin)
    writer.write(b'waits')
    twin.log('written')
    twin.loop.call_soon(protocol.transport.pause_reading)
    twin.loop.call_soon(twin.logger('paused'))
    await twin.turns(3)
    protocol.transport.resume_reading()
    twin.log('resumed')
    await twin.turns(2)
    writer.close()
    await twin.turns(5)


@scenario('pipe-pause-in-connection-made')
async def pause_in_connection_made(twin):
    class Pauses(Reading):
        def connection_made(self, transport):
            super().connection_made(transport)
            transport.pause_reading()

    reader, writer = ends()
    writer.write(b'early')
    writer.close()
    _, protocol = await twin.loop.connect_read_pipe(lambda: Pauses(twin), reader)
    await twin.turns(3)
    twin.log('resumes')
    protocol.transport.resume_reading()
    await twin.turns(6)


@scenario('pipe-write')
async def write(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(b'a')
    protocol.transport.write(b'')
    protocol.transport.writelines([b'b', b'c'])
    await twin.turns(1)
    twin.log(f'arrived: {os.read(reader.fileno(), 10).decode()}')
    protocol.transport.write(b'last')
    protocol.transport.close()
    protocol.transport.close()
    protocol.transport.write(b'dropped')
    twin.log('written and closed')
    twin.loop.call_soon(twin.logger('soon, after the close'))
    await twin.turns(3)
    twin.log(f'arrived: {os.read(reader.fileno(), 10).decode()}')
    reader.close()


@scenario('pipe-reader-gone')
async def reader_gone(twin):
    protocol, reader = await writing(twin)
    reader.close()
    twin.log('reader closed')
    await twin.turns(4)
    protocol.transport.write(b'dropped')
    await twin.turns(2)


@scenario('pipe-reader-gone-with-backlog')
async def reader_gone_with_backlog(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(bytes(HALF))
    twin.log(f'buffered {protocol.transport.get_write_buffer_size()}')
    await twin.turns(2)
    reader.close()
    twin.log('reader closed')
    await twin.turns(4)


@scenario('pipe-reader-gone-while-closing')
async def reader_gone_while_closing(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(bytes(HALF))
    protocol.transport.close()
    await twin.turns(2)
    reader.close()
    twin.log('reader closed')
    await twin.turns(4)


@scenario('pipe-write-to-gone-reader')
async def write_to_gone_reader(twin):
    protocol, reader = await writing(twin)
    reader.close()
    protocol.transport.write(b'nobody reads')
    twin.log('reader closed, then written')
    await twin.turns(4)


@scenario('pipe-write-eof-pending')
async def write_eof_pending(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(bytes(HALF))
    protocol.transport.write_eof()
    protocol.transport.write_eof()
    protocol.transport.write(b'dropped')
    twin.log(f'buffered {protocol.transport.get_write_buffer_size()}')
    await twin.turns(3)
    twin.log(f'taken {take(reader)}')
    await twin.turns(3)
    twin.log(f'taken {take(reader)}, then {take(reader)}')
    reader.close()


@scenario('pipe-abort-with-backlog')
async def abort_with_backlog(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(bytes(HALF))
    protocol.transport.abort()
    twin.log(f'aborted, buffered {protocol.transport.get_write_buffer_size()}')
    await twin.turns(3)
    twin.log(f'taken {take(reader)}, then {take(reader)}')
    reader.close()


@scenario('pipe-abort-after-close')
async def abort_after_close(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(bytes(HALF))
    protocol.transport.close()
    await twin.turns(2)
    protocol.transport.abort()
    twin.log('aborted')
    await twin.turns(3)
    reader.close()


@scenario('pipe-pause-writing')
async def pause_writing(twin):
    protocol, reader = await writing(twin)
    protocol.transport.write(bytes(2 * HALF))
    twin.log(f'buffered {protocol.transport.get_write_buffer_size()}')
    await twin.turns(2)
    for _ in range(3):
        twin.log(f'taken {take(reader)}')
        await twin.turns(3)
    twin.log(f'taken {take(reader)}')
    reader.close()
    await twin.turns(4)


@scenario('pipe-refused')
async def refused(twin):
    with tempfile.TemporaryFile('rb') as file:
        twin.log(await twin.outcome(twin.loop.connect_read_pipe(lambda: Reading(twin), file)))
        twin.log(await twin.outcome(twin.loop.connect_write_pipe(lambda: Writing(twin), file)))

    def fails():
        raise ValueError('on purpose')

    reader, writer = ends()
    twin.log(await twin.outcome(twin.loop.connect_read_pipe(fails, reader), said))
    writer.write(b'x')
    twin.log(f'taken {take(reader)}')
    reader.close()
    writer.close()


@scenario('pipe-connect-cancelled')
async def connect_cancelled(twin):
    reader, writer = ends()

    async def connect():
        await twin.loop.connect_read_pipe(lambda: Reading(twin), reader)

    task = asyncio.ensure_future(connect())
    await twin.turns(1)
    task.cancel()
    twin.log('cancelled')
    await twin.turns(4)
    writer.close()


if __name__ == '__main__':
    play()
