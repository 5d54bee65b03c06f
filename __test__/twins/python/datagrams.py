"""Datagram endpoints, in turns. The TypeScript side is ../datagrams.ts."""

import asyncio
import os
import socket
import tempfile

from twin import Boom, play, scenario, word


class Party(asyncio.DatagramProtocol):
    """Logs every call that the loop makes to it."""

    def __init__(self, twin, name):
        self.twin = twin
        self.name = name
        self.transport = None

    def log(self, event):
        self.twin.log(f'{self.name} {event}')

    def connection_made(self, transport):
        self.transport = transport
        self.log('connection made')

    def datagram_received(self, data, address):
        self.log(f'datagram ({data.decode()})')

    def error_received(self, error):
        self.log(f'error {word(error)}')

    def connection_lost(self, error):
        self.log(f'connection lost: {word(error)}')

    def pause_writing(self):
        self.log('pause writing')

    def resume_writing(self):
        self.log('resume writing')


async def endpoint(twin, name, local=('127.0.0.1', 0), remote=None, party=Party, **options):
    _, protocol = await twin.loop.create_datagram_endpoint(lambda: party(twin, name), local, remote, **options)
    return protocol


def address_of(party):
    return party.transport.get_extra_info('sockname')


async def parties(twin, server_class=Party, client_class=Party):
    """Two of them, the client connected to the server, at rest; then turn 0."""
    server = await endpoint(twin, 'server', party=server_class)
    client = await endpoint(twin, 'client', None, address_of(server), party=client_class)
    await twin.turns(3)
    twin.zero()
    return server, client


async def end(twin, *ended):
    for party in ended:
        party.transport.abort()
    await twin.turns(2)


@scenario('datagram-endpoint')
async def datagram_endpoint(twin):
    twin.zero()
    twin.log('create_datagram_endpoint called')
    party = await endpoint(twin, 'party')
    twin.log('create_datagram_endpoint returned')
    party.transport.close()
    twin.log(f'closed, closing: {party.transport.is_closing()}')
    await twin.turns(3)


@scenario('datagram-factory-error')
async def datagram_factory_error(twin):
    def fails(_twin, _name):
        twin.log('factory raises')
        raise Boom()

    twin.zero()
    twin.log('create_datagram_endpoint called')
    try:
        await endpoint(twin, 'party', party=fails)
    except Boom as error:
        twin.log(f'create_datagram_endpoint raised {word(error)}')


@scenario('datagram-echo')
async def datagram_echo(twin):
    class Echo(Party):
        def datagram_received(self, data, address):
            super().datagram_received(data, address)
            self.transport.sendto(b'again ' + data, address)

    server, client = await parties(twin, Echo)
    client.transport.sendto(b'hello')
    twin.log('sent')
    await twin.turns(3)
    client.transport.sendto(b'')
    twin.log('sent nothing')
    await twin.turns(3)
    await end(twin, server, client)


@scenario('datagram-in-connection-made')
async def datagram_in_connection_made(twin):
    class Greets(Party):
        def connection_made(self, transport):
            super().connection_made(transport)
            transport.sendto(b'greeting')
            twin.loop.call_soon(twin.logger('soon, from connection made'))

    server = await endpoint(twin, 'server')
    twin.zero()
    client = await endpoint(twin, 'client', None, address_of(server), party=Greets)
    twin.log('create_datagram_endpoint returned')
    await twin.turns(2)
    await end(twin, server, client)


@scenario('datagram-burst')
async def datagram_burst(twin):
    server, client = await parties(twin)
    for number in range(3):
        client.transport.sendto(b'%d' % number)
    await twin.turns(5)
    await end(twin, server, client)


@scenario('datagram-refused')
async def datagram_refused(twin):
    server, client = await parties(twin)
    server.transport.close()
    await twin.turns(2)
    twin.zero()
    client.transport.sendto(b'anybody?')
    twin.log('sent')
    await twin.turns(3)
    client.transport.sendto(b'anybody now?')
    twin.log('sent again')
    await twin.turns(3)
    await end(twin, client)


@scenario('datagram-too-long')
async def datagram_too_long(twin):
    server, client = await parties(twin)
    client.transport.sendto(bytes(65508))
    client.transport.sendto(b'short')
    twin.log('sent')
    await twin.turns(3)
    await end(twin, server, client)


@scenario('datagram-close')
async def datagram_close(twin):
    server, client = await parties(twin)
    client.transport.sendto(b'last words')
    client.transport.close()
    client.transport.close()
    client.transport.sendto(b'never sent')
    twin.log('closed')
    await twin.turns(3)
    await end(twin, server)


@scenario('datagram-close-unread')
async def datagram_close_unread(twin):
    server, client = await parties(twin)
    client.transport.sendto(b'never read')
    server.transport.close()
    await twin.turns(3)
    await end(twin, client)


@scenario('datagram-abort')
async def datagram_abort(twin):
    server, client = await parties(twin)
    client.transport.sendto(b'sent before')
    client.transport.abort()
    twin.log('aborted')
    await twin.turns(3)
    await end(twin, server)


@scenario('datagram-received-error')
async def datagram_received_error(twin):
    class Fails(Party):
        def datagram_received(self, data, address):
            super().datagram_received(data, address)
            raise Boom()

    twin.loop.set_exception_handler(lambda _, context: twin.log(f'handler: {word(context["exception"])}'))
    server, client = await parties(twin, Fails)
    for number in range(2):
        client.transport.sendto(b'bad %d' % number)
        await twin.turns(2)
    await end(twin, server, client)


@scenario('datagram-set-protocol')
async def datagram_set_protocol(twin):
    class Switches(Party):
        def datagram_received(self, data, address):
            super().datagram_received(data, address)
            self.transport.set_protocol(Party(twin, 'another'))

    server, client = await parties(twin, Switches)
    client.transport.sendto(b'one')
    await twin.turns(2)
    client.transport.sendto(b'two')
    await twin.turns(2)
    await end(twin, server, client)


def unix_receiver(folder):
    """A socket of nobody's loop: how many datagrams it holds is up to the system, so they are not counted."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(os.path.join(folder, 'receiver'))
    receiver.setblocking(False)
    return receiver


def receive_all(receiver):
    last = None
    try:
        while True:
            last = receiver.recv(100)
    except BlockingIOError:
        return last


async def fill(party, mark=0):
    """Sends until more than the mark waits."""
    while party.transport.get_write_buffer_size() <= mark:
        party.transport.sendto(b'0123456789')


@scenario('datagram-pause')
async def datagram_pause(twin):
    with tempfile.TemporaryDirectory() as folder:
        receiver = unix_receiver(folder)
        party = await endpoint(twin, 'party', None, receiver.getsockname(), family=socket.AF_UNIX)
        party.transport.set_write_buffer_limits(high=20, low=20)
        await twin.turns(2)
        twin.zero()
        await fill(party, 20)
        twin.log('full')
        await twin.turns(2)
        receive_all(receiver)
        twin.log('received')
        await twin.turns(3)
        await end(twin, party)
        receiver.close()


@scenario('datagram-close-buffered')
async def datagram_close_buffered(twin):
    with tempfile.TemporaryDirectory() as folder:
        receiver = unix_receiver(folder)
        party = await endpoint(twin, 'party', None, receiver.getsockname(), family=socket.AF_UNIX)
        await twin.turns(2)
        twin.zero()
        await fill(party)
        party.transport.sendto(b'the last')
        party.transport.close()
        twin.log('closed')
        await twin.turns(2)
        receive_all(receiver)
        twin.log('received')
        await twin.turns(3)
        twin.log(f'then received {receive_all(receiver).decode()}')
        receiver.close()


@scenario('datagram-abort-buffered')
async def datagram_abort_buffered(twin):
    with tempfile.TemporaryDirectory() as folder:
        receiver = unix_receiver(folder)
        party = await endpoint(twin, 'party', None, receiver.getsockname(), family=socket.AF_UNIX)
        await twin.turns(2)
        twin.zero()
        await fill(party)
        party.transport.abort()
        twin.log('aborted')
        await twin.turns(3)
        receiver.close()


play()
