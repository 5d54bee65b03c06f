"""Bytes, from a write to the other side's protocol."""

from twin import Boom, BufferedSide, Client, Server, play, scenario


@scenario('first-data')
async def first_data(twin):
    class Echo(Server):
        def data_received(self, data):
            super().data_received(data)
            self.transport.write(data)

    class Asks(Client):
        def connection_made(self, transport):
            super().connection_made(transport)
            transport.write(b'ping')

        def data_received(self, data):
            super().data_received(data)
            self.transport.close()

    server = await twin.listen(lambda: Echo(twin))
    twin.zero()
    await twin.connect(server, lambda: Asks(twin))
    twin.log('create_connection returned')
    await twin.both_lost()


@scenario('write-order')
async def write_order(twin):
    class Echo(Server):
        def data_received(self, data):
            super().data_received(data)
            self.transport.write(b'[')
            self.transport.writelines([data, b']'])

    server, client = await twin.pair(Echo, Client)
    client.transport.write(b'a')
    client.transport.write(b'')
    client.transport.writelines([b'b', b'c'])
    twin.log('client wrote three times')
    await twin.turns(3)
    client.transport.write(b'd')
    twin.log('client wrote again')
    await twin.turns(4)
    twin.log('enough')


@scenario('data-and-eof')
async def data_and_eof(twin):
    server, client = await twin.pair(Server, Client)
    client.transport.write(b'last words')
    client.transport.write_eof()
    twin.log('client wrote data and eof')
    await twin.both_lost()


@scenario('set-protocol')
async def set_protocol(twin):
    class Second(Server):
        name = 'second protocol'

    class First(Server):
        def data_received(self, data):
            super().data_received(data)
            self.transport.set_protocol(Second(self.twin))

    server, client = await twin.pair(First, Client)
    client.transport.write(b'one')
    twin.log('client wrote one')
    await twin.turns(2)
    client.transport.write(b'two')
    client.transport.close()
    twin.log('client wrote the rest and closed')
    await twin.both_lost()


@scenario('set-protocol-buffered')
async def set_protocol_buffered(twin):
    class Second(BufferedSide):
        name = 'second protocol'

        def buffer_updated(self, nbytes):
            super().buffer_updated(nbytes)
            server.transport.set_protocol(server)

    class First(Server):
        def data_received(self, data):
            super().data_received(data)
            self.transport.set_protocol(Second(self.twin))

    server, client = await twin.pair(First, Client)
    for word in (b'one', b'two', b'three', b'four'):
        client.transport.write(word)
        twin.log(f'client wrote {word.decode()}')
        await twin.turns(2)
    client.transport.close()
    await twin.both_lost()


@scenario('buffered-echo')
async def buffered_echo(twin):
    class Echo(BufferedSide):
        name = 'server'

        def buffer_updated(self, nbytes):
            super().buffer_updated(nbytes)
            self.transport.write(self.buffer[:nbytes])

    class Asks(BufferedSide):
        name = 'client'

        def buffer_updated(self, nbytes):
            super().buffer_updated(nbytes)
            self.transport.close()

    server, client = await twin.pair(Echo, Asks)
    client.transport.write(b'ping')
    twin.log('client wrote')
    await twin.both_lost()


@scenario('small-buffer')
async def small_buffer(twin):
    class Small(BufferedSide):
        name = 'server'

        def __init__(self, twin):
            super().__init__(twin)
            self.buffer = bytearray(4)

    server, client = await twin.pair(Small, Client)
    client.transport.write(b'ten bytes!')
    client.transport.close()
    twin.log('client wrote and closed')
    await twin.both_lost()


@scenario('data-received-error')
async def data_received_error(twin):
    class Fails(Server):
        def data_received(self, data):
            super().data_received(data)
            raise Boom

    server, client = await twin.pair(Fails, Client)
    client.transport.write(b'ping')
    twin.log('client wrote')
    await twin.both_lost()


@scenario('eof-received-error')
async def eof_received_error(twin):
    class Fails(Server):
        def eof_received(self):
            super().eof_received()
            raise Boom

    server, client = await twin.pair(Fails, Client)
    client.transport.write_eof()
    twin.log('client wrote eof')
    await twin.both_lost()


@scenario('empty-buffer')
async def empty_buffer(twin):
    class Empty(BufferedSide):
        name = 'server'

        def get_buffer(self, sizehint):
            super().get_buffer(sizehint)
            return bytearray()

    server, client = await twin.pair(Empty, Client)
    client.transport.write(b'ping')
    twin.log('client wrote')
    await twin.both_lost()


if __name__ == '__main__':
    play()
