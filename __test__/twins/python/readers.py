"""Readers and writers of descriptors: in which turn they run, and before or after what."""

import socket

from twin import Boom, play, scenario, script


def pair():
    """Two connected sockets that do not block."""
    ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


def close(*ends):
    for end in ends:
        end.close()


@scenario('reader-every-turn')
async def reader_every_turn(twin):
    ours, theirs = pair()
    times = 0

    def readable(first, second):
        nonlocal times
        times += 1
        twin.log(f'readable {times} {first} {second}')
        if times == 3:
            twin.log(f'received {ours.recv(100).decode()}')
        if times == 4:
            twin.log('readable without data')

    twin.zero()
    twin.loop.add_reader(ours, readable, 'a', 'b')
    theirs.send(b'hello')
    await twin.turns(5)
    twin.log(f'remove: {twin.loop.remove_reader(ours)}')
    twin.log(f'remove again: {twin.loop.remove_reader(ours)}')
    theirs.send(b'more')
    await twin.turns(3)
    close(ours, theirs)


@scenario('writer-every-turn')
async def writer_every_turn(twin):
    ours, theirs = pair()
    times = 0

    def writable():
        nonlocal times
        times += 1
        twin.log(f'writable {times}')
        if times == 2:
            twin.log(f'remove: {twin.loop.remove_writer(ours)}')

    twin.zero()
    twin.loop.add_writer(ours, writable)
    await twin.turns(4)
    twin.log(f'remove again: {twin.loop.remove_writer(ours)}')
    close(ours, theirs)


@scenario('reader-before-writer')
async def reader_before_writer(twin):
    ours, theirs = pair()
    theirs.send(b'x')
    twin.zero()
    twin.loop.add_writer(ours, twin.logger('writable'))
    twin.loop.add_reader(ours, twin.logger('readable'))
    await twin.turns(2)
    twin.log(f'remove reader: {twin.loop.remove_reader(ours)}')
    await twin.turns(1)
    twin.log(f'remove writer: {twin.loop.remove_writer(ours)}')
    await twin.turns(1)
    close(ours, theirs)


@scenario('reader-between-callbacks-and-timers')
async def reader_between_callbacks_and_timers(twin):
    ours, theirs = pair()

    def readable():
        twin.log('readable')
        twin.loop.call_soon(twin.logger('callback of the reader'))
        ours.recv(100)

    twin.loop.add_reader(ours, readable)
    twin.zero()
    twin.loop.call_later(0, twin.logger('timer'))
    theirs.send(b'x')
    twin.loop.call_soon(twin.logger('callback'))
    await twin.turns(3)
    twin.loop.remove_reader(ours)
    close(ours, theirs)


@scenario('reader-replaced')
async def reader_replaced(twin):
    ours, theirs = pair()
    twin.loop.add_writer(ours, lambda: None)
    twin.loop.add_reader(ours, twin.logger('first reader'))
    twin.zero()
    theirs.send(b'x')
    # It is found in the turn in which this callback runs: before the event is told.
    twin.loop.call_soon(lambda: twin.loop.add_reader(ours, twin.logger('second reader')))
    await twin.turns(3)
    twin.log(f'remove: {twin.loop.remove_reader(ours)}')
    twin.log(f'remove writer: {twin.loop.remove_writer(ours)}')
    close(ours, theirs)


@scenario('reader-removed-in-its-turn')
async def reader_removed_in_its_turn(twin):
    ours, theirs = pair()
    twin.loop.add_reader(ours, twin.logger('readable'))
    twin.zero()
    theirs.send(b'x')
    twin.loop.call_soon(lambda: twin.log(f'remove: {twin.loop.remove_reader(ours)}'))
    await twin.turns(3)
    twin.log('enough')
    close(ours, theirs)


@scenario('writer-removed-by-reader')
async def writer_removed_by_reader(twin):
    ours, theirs = pair()

    def readable():
        twin.log(f'readable; remove writer: {twin.loop.remove_writer(ours)}')
        twin.loop.remove_reader(ours)

    twin.loop.add_reader(ours, readable)
    theirs.send(b'x')
    twin.zero()
    twin.loop.add_writer(ours, twin.logger('writable'))
    await twin.turns(3)
    twin.log('enough')
    close(ours, theirs)


@scenario('reader-raises')
async def reader_raises(twin):
    ours, theirs = pair()

    def readable():
        twin.log('readable')
        raise Boom

    theirs.send(b'x')
    twin.zero()
    twin.loop.add_reader(ours, readable)
    twin.loop.add_writer(ours, twin.logger('writable'))
    await twin.turns(2)
    twin.loop.remove_reader(ours)
    twin.loop.remove_writer(ours)
    close(ours, theirs)


@script('reader-stops')
def reader_stops(twin):
    ours, theirs = pair()

    def readable():
        twin.log(f'readable: {ours.recv(1).decode()}')
        twin.loop.stop()

    twin.loop.add_reader(ours, readable)
    theirs.send(b'x')
    twin.run_forever()
    twin.log('first run has ended')
    twin.loop.call_soon(twin.loop.stop)
    twin.run_forever()
    twin.log('second run has ended')
    theirs.send(b'y')
    twin.run_forever()
    twin.log('third run has ended')
    twin.loop.remove_reader(ours)
    close(ours, theirs)


@scenario('reader-hears-the-end')
async def reader_hears_the_end(twin):
    ours, theirs = pair()
    times = 0

    def readable():
        nonlocal times
        times += 1
        twin.log(f'readable: {len(ours.recv(100))} bytes')
        if times == 2:
            twin.loop.remove_reader(ours)

    twin.loop.add_reader(ours, readable)
    twin.zero()
    theirs.close()
    await twin.turns(4)
    close(ours)


play()
