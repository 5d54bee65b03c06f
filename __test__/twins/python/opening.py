"""Connections and servers by other ways than one literal address: several addresses, sockets that are there
already, Unix sockets."""

import asyncio
import os
import socket
import tempfile

from twin import Client, Server, play, scenario, word


def many(twin, *hosts):
    """The host 'many' has these addresses."""

    async def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, '', (name, port)) for name in hosts]

    twin.loop.getaddrinfo = getaddrinfo


async def listening(twin, host):
    """A port at which somebody listens at this host, and nobody at the others."""
    server = await twin.listen(lambda: Server(twin), host)
    return server.sockets[0].getsockname()[1]


def client(twin):
    made = Client(twin)
    made.log('factory')
    return made


async def connect(twin, port, **options):
    twin.zero()
    twin.log('create_connection called')
    try:
        await twin.loop.create_connection(lambda: client(twin), 'many', port, **options)
        twin.log('create_connection returned')
    except Exception as error:
        twin.log(f'create_connection raised {word(error)}')
    await twin.turns(4)


@scenario('second-address')
async def second_address(twin):
    port = await listening(twin, '127.0.0.2')
    many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3')
    await connect(twin, port)


@scenario('second-address-staggered')
async def second_address_staggered(twin):
    port = await listening(twin, '127.0.0.2')
    many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3')
    await connect(twin, port, happy_eyeballs_delay=5)


@scenario('first-address-staggered')
async def first_address_staggered(twin):
    port = await listening(twin, '127.0.0.1')
    many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3')
    await connect(twin, port, happy_eyeballs_delay=5)


@scenario('one-address-staggered')
async def one_address_staggered(twin):
    port = await listening(twin, '127.0.0.1')
    many(twin, '127.0.0.1')
    await connect(twin, port, happy_eyeballs_delay=5)


@scenario('no-address')
async def no_address(twin):
    port = await listening(twin, '127.0.0.4')
    many(twin, '127.0.0.1', '127.0.0.2')
    await connect(twin, port)


@scenario('no-address-staggered')
async def no_address_staggered(twin):
    port = await listening(twin, '127.0.0.4')
    many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3')
    await connect(twin, port, happy_eyeballs_delay=5)


@scenario('staggered-cancelled')
async def staggered_cancelled(twin):
    # It says nothing: a connection that stood already is forgotten here, and closed by ours.
    server = await twin.loop.create_server(asyncio.Protocol, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    many(twin, '127.0.0.1', '127.0.0.2')
    twin.zero()
    for turn in range(7):
        coroutine = twin.loop.create_connection(lambda: client(twin), 'many', port, happy_eyeballs_delay=5)
        task = twin.loop.create_task(coroutine)
        await twin.turns(turn)
        twin.log(f'cancelled: {task.cancel()}')
        try:
            await task
        except asyncio.CancelledError as error:
            twin.log(f'connecting raised {word(error)}')
        await twin.turns(4)
    server.close()


@scenario('local-address')
async def local_address(twin):
    port = await listening(twin, '127.0.0.1')
    twin.zero()
    twin.log('create_connection called')
    local = ('127.0.0.2', 0)
    transport, _ = await twin.loop.create_connection(lambda: client(twin), '127.0.0.1', port, local_addr=local)
    twin.log(f'create_connection returned, from {transport.get_extra_info("sockname")[0]}')


@scenario('listen-several')
async def listen_several(twin):
    twin.log('create_server called')
    server = await twin.loop.create_server(lambda: Server(twin), ['127.0.0.1', '127.0.0.2', '127.0.0.1'], 0)
    twin.log(f'create_server returned, sockets: {len(server.sockets)}')
    server.close()
    await server.wait_closed()
    twin.log('wait_closed returned')


@scenario('listen-socket')
async def listen_socket(twin):
    sock = socket.socket()
    sock.bind(('127.0.0.1', 0))
    twin.log('create_server called')
    server = await twin.loop.create_server(lambda: Server(twin), sock=sock)
    twin.log('create_server returned')
    server.close()
    twin.log('closed')
    await server.wait_closed()
    twin.log('wait_closed returned')


@scenario('connect-socket')
async def connect_socket(twin):
    ours, theirs = socket.socketpair()
    twin.log('create_connection called')
    transport, _ = await twin.loop.create_connection(lambda: client(twin), sock=ours)
    twin.log('create_connection returned')
    theirs.send(b'hello')
    await twin.turns(3)
    transport.close()
    await twin.turns(3)
    theirs.close()


@scenario('accepted-socket')
async def accepted_socket(twin):
    ours, theirs = socket.socketpair()
    theirs.send(b'hello')
    twin.log('connect_accepted_socket called')
    transport, _ = await twin.loop.connect_accepted_socket(lambda: client(twin), ours)
    twin.log('connect_accepted_socket returned')
    await twin.turns(3)
    transport.abort()
    await twin.turns(3)
    theirs.close()


@scenario('unix')
async def unix(twin):
    def factory():
        side = Server(twin)
        side.log('factory')
        return side

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'twin.sock')
        twin.log('create_unix_server called')
        server = await twin.loop.create_unix_server(factory, path)
        twin.log('create_unix_server returned')
        twin.log('create_unix_connection called')
        transport, _ = await twin.loop.create_unix_connection(lambda: client(twin), path)
        twin.log('create_unix_connection returned')
        transport.write(b'hello')
        await twin.turns(4)
        server.close()
        twin.log(f'server closed, file: {os.path.exists(path)}')
        transport.close()
        await server.wait_closed()
        twin.log('wait_closed returned')


@scenario('unix-refused')
async def unix_refused(twin):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'twin.sock')
        for words in ('missing', 'stale'):
            twin.log(f'{words}: create_unix_connection called')
            try:
                await twin.loop.create_unix_connection(lambda: client(twin), path)
            except OSError as error:
                twin.log(f'create_unix_connection raised {word(error)}')
            with socket.socket(socket.AF_UNIX) as stale:
                if words == 'missing':
                    stale.bind(path)
        server = await twin.loop.create_unix_server(lambda: Server(twin), path)
        twin.log('create_unix_server returned')
        server.close()


@scenario('unix-socket')
async def unix_socket(twin):
    ours, theirs = socket.socketpair()
    twin.log('create_unix_connection called')
    transport, _ = await twin.loop.create_unix_connection(lambda: client(twin), sock=ours)
    twin.log('create_unix_connection returned')
    theirs.close()
    await twin.turns(3)


if __name__ == '__main__':
    play()
