"""From listen and connect to the first callback of both protocols."""

from twin import Boom, Client, Server, play, scenario, word


@scenario('listen')
async def listen(twin):
    twin.log('create_server called')
    server = await twin.listen(lambda: Server(twin))
    twin.log('create_server returned')
    server.close()
    twin.log('closed')
    await server.wait_closed()
    twin.log('wait_closed returned')


@scenario('accept')
async def accept(twin):
    def factory(side_class):
        side = side_class(twin)
        side.log('factory')
        return side

    class Accepted(Server):
        def connection_made(self, transport):
            super().connection_made(transport)
            twin.loop.call_soon(twin.logger('soon, from the server\'s connection made'))

    class Connected(Client):
        def connection_made(self, transport):
            super().connection_made(transport)
            twin.loop.call_soon(twin.logger('soon, from the client\'s connection made'))

    server = await twin.listen(lambda: factory(Accepted))
    twin.zero()
    twin.log('create_connection called')
    await twin.connect(server, lambda: factory(Connected))
    twin.log('create_connection returned')
    await twin.turns(3)


@scenario('accept-three')
async def accept_three(twin):
    class Numbered(Server):
        count = 0

        def __init__(self, twin):
            super().__init__(twin)
            Numbered.count += 1
            self.name = f'server {Numbered.count}'
            self.log('factory')

    async def connect(number):
        await twin.connect(server, lambda: Client(twin))
        twin.log(f'create_connection {number} returned')

    server = await twin.listen(lambda: Numbered(twin))
    twin.zero()
    tasks = [twin.loop.create_task(connect(number)) for number in (1, 2, 3)]
    for task in tasks:
        await task


@scenario('refused')
async def refused(twin):
    server = await twin.listen(lambda: Server(twin))
    host, port = server.sockets[0].getsockname()
    server.close()
    await twin.turns(1)
    twin.zero()
    twin.log('create_connection called')
    try:
        await twin.loop.create_connection(lambda: Client(twin), host, port)
    except OSError as error:
        twin.log(f'create_connection raised {word(error)}')


@scenario('server-factory-error')
async def server_factory_error(twin):
    def factory():
        twin.log('server factory raises')
        raise Boom

    server = await twin.listen(factory)
    twin.zero()
    twin.log('create_connection called')
    _, client = await twin.connect(server, lambda: Client(twin))
    twin.log('create_connection returned')
    twin.side_lost()
    await twin.both_lost()


@scenario('client-factory-error')
async def client_factory_error(twin):
    def factory():
        twin.log('client factory raises')
        raise Boom

    server = await twin.listen(lambda: Server(twin))
    twin.zero()
    twin.log('create_connection called')
    try:
        await twin.connect(server, factory)
    except Boom as error:
        twin.log(f'create_connection raised {word(error)}')


@scenario('connection-made-error')
async def connection_made_error(twin):
    class Fails(Server):
        def connection_made(self, transport):
            super().connection_made(transport)
            raise Boom

        def data_received(self, data):
            super().data_received(data)
            self.transport.close()

    class Writes(Client):
        def connection_made(self, transport):
            super().connection_made(transport)
            transport.write(b'ping')
            raise Boom

    server = await twin.listen(lambda: Fails(twin))
    twin.zero()
    await twin.connect(server, lambda: Writes(twin))
    twin.log('create_connection returned')
    await twin.both_lost()


if __name__ == '__main__':
    play()
