"""Signals: in which turn their handlers run, and before or after what."""

import os
from signal import SIGHUP, SIGUSR2

from twin import play, scenario, script


def throw(signal):
    """A signal of this process to itself: it has arrived when this returns."""
    os.kill(os.getpid(), signal)


@scenario('signal')
async def signal(twin):
    def handled(*args):
        twin.log('handled ' + ' '.join(args))
        twin.loop.call_soon(twin.logger('scheduled by the handler'))

    twin.loop.add_signal_handler(SIGUSR2, handled, 'a', 'b')
    twin.zero()
    throw(SIGUSR2)
    await twin.turns(4)
    twin.log(f'remove: {twin.loop.remove_signal_handler(SIGUSR2)}')
    twin.log(f'remove again: {twin.loop.remove_signal_handler(SIGUSR2)}')


@scenario('signal-between-callbacks')
async def signal_between_callbacks(twin):
    twin.loop.add_signal_handler(SIGUSR2, twin.logger('handled'))

    def chain(name, left):
        twin.log(f'{name} {left}')
        if left > 0:
            twin.loop.call_soon(chain, name, left - 1)

    twin.zero()
    twin.loop.call_soon(chain, 'before', 3)
    throw(SIGUSR2)
    twin.loop.call_soon(chain, 'behind', 3)
    await twin.turns(5)
    twin.loop.remove_signal_handler(SIGUSR2)


@scenario('signals-in-one-turn')
async def signals_in_one_turn(twin):
    loop = twin.loop
    loop.add_signal_handler(SIGHUP, twin.logger('SIGHUP'))
    loop.add_signal_handler(SIGUSR2, twin.logger('SIGUSR2'))
    twin.zero()
    for number in (SIGUSR2, SIGHUP, SIGUSR2, SIGUSR2):
        throw(number)
    await twin.turns(4)
    for number in (SIGUSR2, SIGHUP):
        loop.remove_signal_handler(number)


@scenario('signal-handler-replaced')
async def signal_handler_replaced(twin):
    loop = twin.loop
    loop.add_signal_handler(SIGUSR2, twin.logger('first'))
    twin.zero()
    throw(SIGUSR2)
    loop.add_signal_handler(SIGUSR2, twin.logger('second, before the signal is seen'))
    await twin.turns(3)
    throw(SIGUSR2)
    await twin.turns(1)
    # Seen in this turn, behind this callback.
    loop.add_signal_handler(SIGUSR2, twin.logger('third, in the turn in which it is seen'))
    await twin.turns(3)
    throw(SIGUSR2)
    await twin.turns(2)
    loop.add_signal_handler(SIGUSR2, twin.logger('fourth, too late'))
    await twin.turns(3)
    loop.remove_signal_handler(SIGUSR2)


@scenario('signal-handler-removed')
async def signal_handler_removed(twin):
    loop = twin.loop

    def add():
        loop.add_signal_handler(SIGUSR2, twin.logger('handled'))

    add()
    twin.zero()
    throw(SIGUSR2)
    twin.log(f'before it is seen: {loop.remove_signal_handler(SIGUSR2)}')
    await twin.turns(4)
    add()
    throw(SIGUSR2)
    await twin.turns(2)
    twin.log(f'in the turn of the handler: {loop.remove_signal_handler(SIGUSR2)}')
    await twin.turns(2)


@script('signal-between-runs')
def signal_between_runs(twin):
    twin.loop.add_signal_handler(SIGUSR2, twin.logger('handled'))

    def stop():
        twin.log('stop')
        twin.loop.stop()

    twin.loop.call_soon(stop)
    twin.loop.run_forever()
    throw(SIGUSR2)
    steps = twin.steps('main', 3)
    twin.log(twin.loop.run_until_complete(steps))
    twin.loop.remove_signal_handler(SIGUSR2)


play()
