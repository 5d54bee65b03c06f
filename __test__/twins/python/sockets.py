"""Operations of raw sockets: inline when they need not wait, else in which turn."""

import asyncio
import os
import socket
import tempfile

from twin import play, scenario


def pair():
    """Two connected sockets that do not block."""
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


def listener(family=socket.AF_INET, address=('127.0.0.1', 0)):
    sock = socket.socket(family)
    sock.setblocking(False)
    sock.bind(address)
    sock.listen()
    return sock


def client(family=socket.AF_INET):
    sock = socket.socket(family)
    sock.setblocking(False)
    return sock


def close(*socks):
    for sock in socks:
        sock.close()


def fill(sock):
    """Sends until the system takes no more."""
    try:
        while True:
            sock.send(b' ' * 4096)
    except BlockingIOError:
        pass


def drain(sock):
    """Receives until there is nothing more."""
    try:
        while sock.recv(65536):
            pass
    except BlockingIOError:
        pass


@scenario('sock-recv-inline')
async def sock_recv_inline(twin):
    ours, theirs = pair()
    twin.zero()
    await twin.loop.sock_sendall(theirs, b'hello')
    twin.log('sent')
    twin.log((await twin.loop.sock_recv(ours, 2)).decode())
    buffer = bytearray(10)
    count = await twin.loop.sock_recv_into(ours, buffer)
    twin.log(bytes(buffer[:count]).decode())
    close(theirs)
    twin.log(f'{len(await twin.loop.sock_recv(ours, 2))} bytes')
    close(ours)


@scenario('sock-recv-waits')
async def sock_recv_waits(twin):
    ours, theirs = pair()

    def send():
        twin.log('sent')
        theirs.send(b'hello')

    twin.zero()
    twin.loop.call_soon(send)
    twin.log((await twin.loop.sock_recv(ours, 100)).decode())
    twin.loop.call_soon(send)
    buffer = bytearray(10)
    twin.log(f'{await twin.loop.sock_recv_into(ours, buffer)} bytes')
    twin.loop.call_soon(close, theirs)
    twin.log(f'{len(await twin.loop.sock_recv(ours, 100))} bytes')
    close(ours)


@scenario('sock-recv-in-tasks')
async def sock_recv_in_tasks(twin):
    ours, theirs = pair()
    other, their_other = pair()
    task = twin.loop.create_task(twin.loop.sock_recv(ours, 100))
    task.add_done_callback(twin.logger('task is done'))
    both = asyncio.gather(twin.loop.sock_recv(other, 100), task)
    both.add_done_callback(twin.logger('both are done'))
    await twin.turns(2)
    twin.zero()
    theirs.send(b'x')
    their_other.send(b'y')
    twin.log(b' '.join(await both).decode())
    close(ours, theirs, other, their_other)


@scenario('sock-sendall-waits')
async def sock_sendall_waits(twin):
    ours, theirs = pair()
    fill(ours)
    task = twin.loop.create_task(twin.loop.sock_sendall(ours, b'last'))
    task.add_done_callback(twin.logger('task is done'))
    await twin.turns(3)
    twin.zero()
    drain(theirs)
    await task
    twin.log(f'sent: {theirs.recv(100).decode()}')
    close(ours, theirs)


@scenario('sock-recv-cancelled')
async def sock_recv_cancelled(twin):
    ours, theirs = pair()
    task = twin.loop.create_task(twin.loop.sock_recv(ours, 100))
    task.add_done_callback(twin.logger('task is done'))
    await twin.turns(2)
    twin.zero()
    twin.log(f'cancel: {task.cancel()}')
    twin.loop.call_soon(theirs.send, b'x')
    # At once, while the cancelled one has not heard of it.
    twin.log((await twin.loop.sock_recv(ours, 100)).decode())
    twin.log(f'cancelled: {task.cancelled()}')
    close(ours, theirs)


@scenario('sock-recv-cancelled-in-the-turn-of-its-data')
async def sock_recv_cancelled_in_the_turn_of_its_data(twin):
    ours, theirs = pair()
    task = twin.loop.create_task(twin.loop.sock_recv(ours, 100))
    await twin.turns(2)
    twin.zero()
    theirs.send(b'x')
    twin.loop.call_soon(task.cancel)
    twin.log(await twin.outcome(task))
    twin.log((await twin.loop.sock_recv(ours, 100)).decode())
    close(ours, theirs)


@scenario('sock-recv-cancelled-behind-its-data')
async def sock_recv_cancelled_behind_its_data(twin):
    ours, theirs = pair()
    task = twin.loop.create_task(twin.loop.sock_recv(ours, 100))
    await twin.turns(2)
    twin.zero()
    theirs.send(b'x')
    # Before the task's step, in the turn in which it would get what came.
    twin.loop.call_soon(lambda: twin.loop.call_soon(task.cancel))
    twin.log(await twin.outcome(task))
    theirs.send(b'y')
    twin.log((await twin.loop.sock_recv(ours, 100)).decode())
    close(ours, theirs)


@scenario('sock-sendall-cancelled')
async def sock_sendall_cancelled(twin):
    ours, theirs = pair()
    fill(ours)
    task = twin.loop.create_task(twin.loop.sock_sendall(ours, b'never'))
    await twin.turns(2)
    twin.zero()
    twin.log(f'cancel: {task.cancel()}')
    drain(theirs)
    await twin.loop.sock_sendall(ours, b'world')
    twin.log(f'received: {theirs.recv(100).decode()}')
    twin.log(await twin.outcome(task))
    close(ours, theirs)


@scenario('sock-accept-and-connect')
async def sock_accept_and_connect(twin):
    listening = listener()
    twin.zero()
    task = twin.loop.create_task(twin.loop.sock_accept(listening))
    task.add_done_callback(twin.logger('accept is done'))
    await twin.turns(1)
    ours = client()
    await twin.loop.sock_connect(ours, listening.getsockname())
    twin.log('connected')
    connection, address = await task
    twin.log(f'accepted: {address == ours.getsockname()}, blocking: {connection.getblocking()}')
    other = client()
    await twin.loop.sock_connect(other, listening.getsockname())
    twin.log('connected')
    second, _ = await twin.loop.sock_accept(listening)
    twin.log('accepted')
    close(listening, ours, connection, other, second)


@scenario('sock-connect-refused')
async def sock_connect_refused(twin):
    listening = listener()
    address = listening.getsockname()
    listening.close()
    ours = client()
    twin.zero()
    twin.log(await twin.outcome(twin.loop.sock_connect(ours, address)))
    close(ours)


@scenario('sock-connect-unix')
async def sock_connect_unix(twin):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'socket')
        listening = listener(socket.AF_UNIX, path)
        ours = client(socket.AF_UNIX)
        twin.zero()
        await twin.loop.sock_connect(ours, path)
        twin.log('connected')
        connection, address = await twin.loop.sock_accept(listening)
        twin.log(f'accepted from nobody: {address == ""}')
        close(listening, ours, connection)
        ours = client(socket.AF_UNIX)
        twin.log(await twin.outcome(twin.loop.sock_connect(ours, path)))
        close(ours)


@scenario('sock-datagrams')
async def sock_datagrams(twin):
    ours, theirs = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
    for end in (ours, theirs):
        end.setblocking(False)
        end.bind(('127.0.0.1', 0))
    twin.zero()
    twin.log(f'{await twin.loop.sock_sendto(theirs, b"one", ours.getsockname())} bytes')
    data, address = await twin.loop.sock_recvfrom(ours, 100)
    twin.log(f'{data.decode()}, its sender: {address == theirs.getsockname()}')
    twin.loop.call_soon(theirs.sendto, b'two', ours.getsockname())
    buffer = bytearray(10)
    count, address = await twin.loop.sock_recvfrom_into(ours, buffer, 2)
    twin.log(f'{bytes(buffer[:count]).decode()}, its sender: {address == theirs.getsockname()}')
    twin.loop.call_soon(theirs.sendto, b'', ours.getsockname())
    data, _ = await twin.loop.sock_recvfrom(ours, 100)
    twin.log(f'{len(data)} bytes')
    close(ours, theirs)


@scenario('sock-errors')
async def sock_errors(twin):
    ours, theirs = pair()
    close(theirs)
    twin.zero()
    twin.log(await twin.outcome(twin.loop.sock_sendall(ours, b'x')))
    twin.log(await twin.outcome(twin.loop.sock_recv(ours, -1)))
    twin.log(await twin.outcome(twin.loop.sock_recvfrom_into(ours, bytearray(2), 3)))
    close(ours)
    twin.log(await twin.outcome(twin.loop.sock_recv(ours, 1)))
    ours, theirs = pair()
    twin.loop.set_debug(True)
    ours.setblocking(True)
    for operation in (
        twin.loop.sock_recv(ours, 1),
        twin.loop.sock_recv_into(ours, bytearray(1)),
        twin.loop.sock_recvfrom(ours, 1),
        twin.loop.sock_recvfrom_into(ours, bytearray(1)),
        twin.loop.sock_sendall(ours, b'x'),
        twin.loop.sock_sendto(ours, b'x', '/nowhere'),
        twin.loop.sock_connect(ours, '/nowhere'),
        twin.loop.sock_accept(ours),
    ):
        twin.log(await twin.outcome(operation))
    twin.loop.set_debug(False)
    close(ours, theirs)


play()
