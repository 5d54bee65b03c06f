"""Signals to a handler of the loop: asyncio_signals.py <asyncio|uvloop> own <warm-up> <count>, or foreign.

mioloop-signals.ts tells what is to happen.
"""

import asyncio
import os
import signal
import sys
import time

from measure import Meter, measure

kind, sender, *counts = sys.argv[1:]


async def own(warmup, count):
    loop = asyncio.get_running_loop()
    meter = Meter()

    def arrive():
        meter.lap(begin)
        arrived.set_result(None)

    loop.add_signal_handler(signal.SIGUSR2, arrive)
    for index in range(warmup + count):
        if index == warmup:
            meter = Meter()
        arrived = loop.create_future()
        begin = time.monotonic()
        os.kill(os.getpid(), signal.SIGUSR2)
        await arrived
    return meter.report()


async def foreign():
    loop = asyncio.get_running_loop()
    arrivals, finished = [], loop.create_future()
    loop.add_signal_handler(signal.SIGUSR2, lambda: arrivals.append(time.monotonic_ns()))
    loop.add_signal_handler(signal.SIGHUP, finished.set_result, None)
    print("READY", flush=True)
    meter = Meter()
    await finished
    return meter.report(arrivals=arrivals)


measure(kind, own(*map(int, counts)) if sender == "own" else foreign())
