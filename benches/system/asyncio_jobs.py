"""Empty jobs in threads: asyncio_jobs.py <asyncio|uvloop> <at once> <warm-up> <count>."""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from measure import Meter, measure

WORKERS = 4  # as jobs.ts says
kind = sys.argv[1]
at_once, warmup, count = map(int, sys.argv[2:])


def empty():
    pass


async def jobs(executor, left):
    loop = asyncio.get_running_loop()
    meter = Meter()

    async def in_turn():
        nonlocal left
        while left > 0:
            left -= 1
            begin = time.monotonic()
            await loop.run_in_executor(executor, empty)
            meter.lap(begin)

    await asyncio.gather(*(in_turn() for _ in range(at_once)))
    return meter.report()


async def main():
    with ThreadPoolExecutor(WORKERS) as executor:
        await jobs(executor, warmup)
        return await jobs(executor, count)


measure(kind, main())
