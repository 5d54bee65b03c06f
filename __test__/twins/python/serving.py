"""A server's end."""

import asyncio

from twin import Client, Server, play, scenario, word


@scenario('server-close')
async def server_close(twin):
    server = await twin.listen(lambda: Server(twin))
    _, client = await twin.connect(server, lambda: Client(twin))
    await twin.turns(6)
    twin.zero()

    async def wait():
        await server.wait_closed()
        twin.log('wait_closed returned')

    waiting = twin.loop.create_task(wait())
    server.close()
    twin.log(f'server closed, sockets: {len(server.sockets)}, serving: {server.is_serving()}')
    await twin.turns(3)
    client.transport.write(b'still connected')
    await twin.turns(3)
    client.transport.close()
    twin.log('client closed')
    await waiting
    await twin.both_lost()


@scenario('close-clients')
async def close_clients(twin):
    server = await twin.listen(lambda: Server(twin))
    await twin.connect(server, lambda: Client(twin))
    await twin.turns(6)
    twin.zero()
    server.close()
    server.close_clients()
    twin.log('server and its clients closed')
    await server.wait_closed()
    twin.log('wait_closed returned')
    await twin.both_lost()


@scenario('serve-forever-cancelled')
async def serve_forever_cancelled(twin):
    server = await twin.listen(lambda: Server(twin))
    serving = twin.loop.create_task(server.serve_forever())
    await twin.turns(3)
    twin.zero()
    serving.cancel()
    twin.log(f'cancelled, serving: {server.is_serving()}')
    serving.add_done_callback(lambda _: twin.log(f'done, serving: {server.is_serving()}'))
    try:
        await serving
    except asyncio.CancelledError as error:
        twin.log(f'main got {word(error)}')


@scenario('serve-forever-with-client')
async def serve_forever_with_client(twin):
    server = await twin.listen(lambda: Server(twin))
    serving = twin.loop.create_task(server.serve_forever())
    _, client = await twin.connect(server, lambda: Client(twin))
    await twin.turns(6)
    twin.zero()
    serving.cancel()
    twin.log('cancelled')
    await twin.turns(4)
    twin.log(f'serving: {server.is_serving()}, done: {serving.done()}')
    client.transport.close()
    try:
        await serving
    except asyncio.CancelledError as error:
        twin.log(f'main got {word(error)}')
    await twin.both_lost()


@scenario('serve-forever-closed')
async def serve_forever_closed(twin):
    server = await twin.listen(lambda: Server(twin))
    serving = twin.loop.create_task(server.serve_forever())
    await twin.turns(3)
    twin.zero()
    server.close()
    twin.log('server closed')
    try:
        await serving
    except asyncio.CancelledError as error:
        twin.log(f'main got {word(error)}')


if __name__ == '__main__':
    play()
