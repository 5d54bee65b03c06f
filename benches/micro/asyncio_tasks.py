"""What tasks do, on asyncio's own loop or uvloop's: one figure a line, as the scripts beside this one print them.

usage: asyncio_tasks.py asyncio|uvloop
"""

import asyncio
import contextvars
import gc
import json
import statistics
import sys
import time
import tracemalloc

TASKS = 100
STEPS = 100
CROWD = 100_000
ITEMS = 10_000
CALLS = 200_000
SAMPLES = 3

peer = sys.argv[1]


def emit(target, value, unit):
    figure = {"target": target, "value": value, "unit": unit, "limit": None, "peer": peer}
    print(json.dumps(figure), flush=True)


async def median(sample):
    await sample()
    return statistics.median([await sample() for _ in range(SAMPLES)])


async def nanoseconds(count, make):
    """The CPU time of what `make()` starts, an item."""

    async def sample():
        start = time.process_time()
        await asyncio.gather(*make())
        return (time.process_time() - start) / count * 1e9

    return await median(sample)


async def sleeping():
    for _ in range(STEPS):
        await asyncio.sleep(0)


async def waiting():
    loop = asyncio.get_running_loop()
    for _ in range(STEPS):
        future = loop.create_future()
        loop.call_soon(future.set_result, None)
        await future


async def passing():
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    for _ in range(STEPS):
        await done


async def steps():
    for where, worker in (
        ("sleep(0)", sleeping),
        ("a future that a callback sets", waiting),
        ("a future that is done", passing),
    ):
        value = await nanoseconds(TASKS * STEPS, lambda: [worker() for _ in range(TASKS)])
        emit(f"task step, {TASKS} tasks at {where}", value, "ns")


async def one_step(value):
    await asyncio.sleep(0)
    return value


def crowd():
    return [asyncio.create_task(one_step(value)) for value in range(CROWD)]


async def gathering():
    each = await nanoseconds(CROWD, crowd)
    emit(f"gather of {CROWD} tasks", 1e3 / each, "M tasks/s")
    gc.collect()
    tracemalloc.start()
    tasks = asyncio.gather(*crowd())
    await asyncio.sleep(0)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    emit(f"gather of {CROWD} tasks, memory", size / CROWD, "bytes a task")
    await tasks


async def produce(queue, items):
    for item in range(items):
        await queue.put(item)


async def consume(queue, items):
    for _ in range(items):
        await queue.get()


async def queues():
    for name, pairs, places in (
        ("1 pair, 100 places", 1, 100),
        ("100 pairs, one place", 100, 1),
        ("1 pair, one place (two turns an item)", 1, 1),
    ):

        def make():
            items = ITEMS // pairs
            for queue in [asyncio.Queue(places) for _ in range(pairs)]:
                yield produce(queue, items)
                yield consume(queue, items)

        emit(f"queue hand-over, {name}", await nanoseconds(ITEMS, make), "ns")


def contexts():
    variable = contextvars.ContextVar("variable")
    variable.set(0)

    def get():
        for _ in range(CALLS):
            variable.get()

    def set_and_reset():
        for _ in range(CALLS):
            variable.reset(variable.set(1))

    for name, repeat in (("get()", get), ("set() and reset()", set_and_reset)):
        samples = []
        for _ in range(1 + SAMPLES):
            start = time.process_time()
            repeat()
            samples.append((time.process_time() - start) / CALLS * 1e9)
        emit(f"ContextVar.{name}", statistics.median(samples[1:]), "ns")


async def main():
    await steps()
    await gathering()
    await queues()
    contexts()


if peer == "uvloop":
    import uvloop

    factory = uvloop.new_event_loop
else:
    factory = asyncio.new_event_loop
with asyncio.Runner(loop_factory=factory) as runner:
    runner.run(main())
