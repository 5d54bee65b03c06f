"""Sending files on a transport."""

import os
import socket
import tempfile

from twin import BIG, Client, Server, play, said, scenario, tried

TEXT = b'what is in the file'


class Counts(Server):
    received = 0

    def data_received(self, data):
        self.received += len(data)


class Resumes(Client):
    def resume_writing(self):
        self.twin.count_from_here('client resume writing')


def file_of(content):
    file = tempfile.TemporaryFile(buffering=0)
    file.write(content)
    file.seek(0)
    return file


def position(file):
    return os.lseek(file.fileno(), 0, os.SEEK_CUR)


def sized_file(size):
    file = tempfile.TemporaryFile(buffering=0)
    file.truncate(size)
    return file


@scenario('sendfile-small')
async def sendfile_small(twin):
    server, client = await twin.pair(Server, Client)
    with file_of(TEXT) as file:
        client.transport.write(b'before ')
        twin.log('client wrote')
        sent = await twin.loop.sendfile(client.transport, file)
        twin.log(f'client sent {sent}, the position is {position(file)}')
        client.transport.write(b' after')
        twin.log('client wrote')
        await twin.turns(2)
    client.transport.close()
    await twin.both_lost()


@scenario('sendfile-part')
async def sendfile_part(twin):
    server, client = await twin.pair(Server, Client)
    with file_of(TEXT) as file:
        for offset, count in ((8, None), (5, 2), (0, 1000), (100, None), (100, 5), (19, 1)):
            sent = await twin.loop.sendfile(client.transport, file, offset, count)
            twin.log(f'client sent {sent} from {offset}, the position is {position(file)}')
    client.transport.close()
    await twin.both_lost()


@scenario('sendfile-empty')
async def sendfile_empty(twin):
    server, client = await twin.pair(Server, Client)
    with file_of(b'') as file:
        sent = await twin.loop.sendfile(client.transport, file)
        twin.log(f'client sent {sent}, reading is {client.transport.is_reading()}')
    client.transport.close()
    await twin.both_lost()


@scenario('sendfile-behind-a-backlog')
async def sendfile_behind_a_backlog(twin):
    server, client = await twin.pair(Counts, Resumes)
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=0)
    client.transport.write(bytes(BIG))
    twin.log('the big write returned')
    server.transport.resume_reading()
    with file_of(TEXT) as file:
        sent = await twin.loop.sendfile(client.transport, file)
        twin.count_from_here(f'client sent {sent}')
        while server.received < BIG + len(TEXT):
            await twin.turns(1)
    twin.count_from_here('everything arrived')
    server.transport.abort()
    client.transport.abort()
    await twin.both_lost()


@scenario('sendfile-refuses-writes')
async def sendfile_refuses_writes(twin):
    server, client = await twin.pair(Counts, Client)
    server.transport.pause_reading()
    with sized_file(2 * BIG) as file:
        sending = twin.loop.create_task(twin.loop.sendfile(client.transport, file))
        await twin.turns(2)
        transport = client.transport
        between = b'in between'
        twin.log(f'write {tried(lambda: transport.write(between), said)}')
        twin.log(f'write of nothing {tried(lambda: transport.write(b""), said)}')
        twin.log(f'writelines {tried(lambda: transport.writelines([between]), said)}')
        twin.log(f'reading is {transport.is_reading()}, buffered {transport.get_write_buffer_size()}')
        server.transport.resume_reading()
        sent = await sending
        twin.count_from_here(f'sent all: {sent == 2 * BIG}, reading is {transport.is_reading()}')
        transport.write(b'afterwards')
        while server.received < 2 * BIG + 10:
            await twin.turns(1)
    twin.count_from_here('everything arrived')
    client.transport.close()
    await twin.both_lost()


@scenario('sendfile-does-not-read')
async def sendfile_does_not_read(twin):
    server, client = await twin.pair(Counts, Client)
    server.transport.pause_reading()
    with sized_file(2 * BIG) as file:
        sending = twin.loop.create_task(twin.loop.sendfile(client.transport, file))
        await twin.turns(1)
        server.transport.write(b'hello')
        await twin.turns(4)
        twin.log('nothing was received')
        server.transport.resume_reading()
        await sending
        twin.count_from_here('sent')
        await twin.turns(2)
    server.transport.abort()
    client.transport.abort()
    await twin.both_lost()


@scenario('sendfile-cancelled')
async def sendfile_cancelled(twin):
    server, client = await twin.pair(Counts, Client)
    server.transport.pause_reading()
    with sized_file(2 * BIG) as file:
        sending = twin.loop.create_task(twin.loop.sendfile(client.transport, file))
        await twin.turns(3)
        sending.cancel()
        twin.log('cancelled')
        outcome = await twin.outcome(sending)
        twin.log(f'sendfile {outcome}, reading is {client.transport.is_reading()}')
        client.transport.write(b'afterwards')
    server.transport.abort()
    client.transport.abort()
    await twin.both_lost()


@scenario('sendfile-on-a-closing-transport')
async def sendfile_on_a_closing_transport(twin):
    server, client = await twin.pair(Server, Client)
    with file_of(TEXT) as file:
        client.transport.close()
        outcome = await twin.outcome(twin.loop.sendfile(client.transport, file), said)
        twin.log(f'sendfile {outcome}')
    await twin.both_lost()


@scenario('sock-sendfile')
async def sock_sendfile(twin):
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    twin.zero()
    with file_of(TEXT) as file:
        for offset, count in ((0, None), (8, 3), (100, None)):
            sent = await twin.loop.sock_sendfile(ours, file, offset, count)
            twin.log(f'sent {sent} from {offset}, the position is {position(file)}')
        await twin.loop.sock_sendall(ours, b' after')
        data = await twin.loop.sock_recv(theirs, 1000)
        twin.log(f'received {data.decode()}')
    with file_of(b'') as file:
        sent = await twin.loop.sock_sendfile(ours, file)
        twin.log(f'sent {sent}')
    with sized_file(2 * BIG) as file:
        sending = twin.loop.create_task(twin.loop.sock_sendfile(ours, file))
        await twin.turns(3)
        sending.cancel()
        twin.log('cancelled')
        outcome = await twin.outcome(sending)
        twin.log(f'sock_sendfile {outcome}, still registered: {twin.loop.remove_writer(ours)}')
    ours.close()
    theirs.close()


if __name__ == '__main__':
    play()
