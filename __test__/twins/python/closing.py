"""The ways in which a connection ends."""

from twin import BIG, Client, Server, play, scenario


class KeepsOpen(Client):
    def eof_received(self):
        super().eof_received()
        return True


class Counts(Server):
    """Counts instead of logging, for data in pieces whose sizes are the kernel's choice."""

    received = 0

    def data_received(self, data):
        self.received += len(data)


@scenario('close-idle')
async def close_idle(twin):
    server, client = await twin.pair(Server, Client)
    client.transport.close()
    twin.log('client closed')
    client.transport.write(b'dropped')
    client.transport.close()
    twin.loop.call_soon(twin.logger('soon, after the close'))
    await twin.both_lost()


@scenario('close-with-data')
async def close_with_data(twin):
    server, client = await twin.pair(Server, Client)
    client.transport.write(b'last words')
    client.transport.close()
    twin.log('client wrote and closed')
    await twin.both_lost()


@scenario('close-both')
async def close_both(twin):
    server, client = await twin.pair(Server, Client)
    server.transport.close()
    client.transport.close()
    twin.log('both closed')
    await twin.both_lost()


@scenario('close-drops-unread')
async def close_drops_unread(twin):
    server, client = await twin.pair(Server, Client)
    client.transport.write(b'never seen')
    server.transport.close()
    twin.log('client wrote, server closed')
    await twin.both_lost()


@scenario('half-close')
async def half_close(twin):
    class Answers(Server):
        def eof_received(self):
            super().eof_received()
            self.twin.loop.call_soon(self.answer)
            return True

        def answer(self):
            self.transport.write(b'pong')
            self.transport.close()
            self.log('answered and closed')

    server, client = await twin.pair(Answers, Client)
    client.transport.write(b'ping')
    client.transport.write_eof()
    client.transport.write_eof()
    twin.log('client wrote data and eof')
    await twin.both_lost()


@scenario('close-in-connection-made')
async def close_in_connection_made(twin):
    class Closes(Server):
        def connection_made(self, transport):
            super().connection_made(transport)
            transport.write(b'bye')
            transport.close()

    server = await twin.listen(lambda: Closes(twin))
    twin.zero()
    await twin.connect(server, lambda: Client(twin))
    twin.log('create_connection returned')
    await twin.both_lost()


@scenario('close-buffered')
async def close_buffered(twin):
    class Reports(Counts):
        def eof_received(self):
            twin.count_from_here(f'server eof after all the data: {self.received == BIG}')

    class Writes(Client):
        def resume_writing(self):
            twin.count_from_here('client resume writing')

    server, client = await twin.pair(Reports, Writes)
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=0)
    client.transport.write(bytes(BIG))
    client.transport.close()
    twin.log('client closed with a buffer')
    await twin.turns(5)
    twin.log(f'client is closing: {client.transport.is_closing()}')
    server.transport.resume_reading()
    await twin.both_lost()


@scenario('abort-idle')
async def abort_idle(twin):
    server, client = await twin.pair(Server, Client)
    client.transport.abort()
    twin.log('client aborted')
    client.transport.abort()
    await twin.both_lost()


@scenario('abort-buffered')
async def abort_buffered(twin):
    class Reports(Counts):
        def eof_received(self):
            twin.count_from_here(f'server eof, without all the data: {self.received < BIG}')

    server, client = await twin.pair(Reports, Client)
    server.transport.pause_reading()
    client.transport.write(bytes(BIG))
    twin.log(f'client has a buffer: {client.transport.get_write_buffer_size() > 0}')
    client.transport.abort()
    twin.log(f'client aborted, buffered: {client.transport.get_write_buffer_size()}')
    await twin.turns(3)
    server.transport.resume_reading()
    await twin.both_lost()


@scenario('abort-after-close')
async def abort_after_close(twin):
    server, client = await twin.pair(Counts, Client)
    server.transport.pause_reading()
    client.transport.write(bytes(BIG))
    client.transport.close()
    twin.log('client closed with a buffer')
    await twin.turns(2)
    client.transport.abort()
    twin.log('client aborted')
    await twin.turns(3)
    server.transport.abort()
    twin.log('server aborted')
    await twin.both_lost()


@scenario('write-to-closed-peer')
async def write_to_closed_peer(twin):
    server, client = await twin.pair(Server, KeepsOpen)
    server.transport.close()
    twin.log('server closed')
    await twin.turns(4)
    client.transport.write(b'answered by a reset')
    twin.log('client wrote')
    await twin.turns(3)
    client.transport.write(b'fails')
    twin.log('client wrote again')
    await twin.both_lost()


@scenario('reset-while-reading')
async def reset_while_reading(twin):
    server, client = await twin.pair(Server, Client)
    server.transport.pause_reading()
    client.transport.write(b'unread')
    twin.log('client wrote')
    await twin.turns(2)
    server.transport.close()
    twin.log('server closed with unread data')
    await twin.both_lost()


@scenario('call-soon-in-connection-lost')
async def call_soon_in_connection_lost(twin):
    class Schedules(Server):
        def connection_lost(self, error):
            super().connection_lost(error)
            twin.loop.call_soon(twin.logger('soon, from the server\'s connection lost'))

    server, client = await twin.pair(Schedules, Client)
    server.transport.close()
    twin.loop.call_soon(twin.logger('soon, after the close'))
    twin.log('server closed')
    await twin.both_lost()


if __name__ == '__main__':
    play()
