"""Look-ups: when names, errors and cancels come back from the resolver's threads."""

import socket

from twin import play, scenario


@scenario('look-up-names')
async def look_up_names(twin):
    twin.zero()
    found = await twin.loop.getaddrinfo('localhost', 80, family=socket.AF_INET, type=socket.SOCK_STREAM)
    twin.log(f'addresses: {found[0][4][0]}')
    host, service = await twin.loop.getnameinfo(('127.0.0.1', 80), socket.NI_NUMERICHOST)
    twin.log(f'names: {host} {service}')


@scenario('look-up-errors')
async def look_up_errors(twin):
    twin.zero()
    try:
        await twin.loop.getaddrinfo('localhost', 80, flags=socket.AI_NUMERICHOST)
    except OSError:
        twin.log('not an address')
    try:
        await twin.loop.getaddrinfo('127.0.0.1', 80, family=socket.AF_INET6)
    except OSError:
        twin.log('not of that family')


@scenario('look-up-cancelled')
async def look_up_cancelled(twin):
    async def look_up():
        twin.log('look-up begins')
        return await twin.loop.getaddrinfo('localhost', 80)

    task = twin.loop.create_task(look_up())
    await twin.turns(1)
    twin.zero()
    twin.log(f'cancel: {task.cancel()}')
    twin.log(await twin.outcome(task))


@scenario('look-up-without-a-name')
async def look_up_without_a_name(twin):
    twin.zero()
    found = await twin.loop.getaddrinfo('127.0.0.1', 80, type=socket.SOCK_STREAM)
    twin.log(f'addresses: {found[0][4][0]}')


play()
