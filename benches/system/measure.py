"""What the programs of this folder share: a meter, a loop of the wanted kind, and the report's line of JSON."""

import asyncio
import json
import time


class Meter:
    def __init__(self):
        self.latencies = []
        self.cpu = time.process_time()
        self.start = time.monotonic()

    def lap(self, begin):
        self.latencies.append((time.monotonic() - begin) * 1e6)

    def report(self, **rest):
        seconds = time.monotonic() - self.start
        cpu = (time.process_time() - self.cpu) * 1e6
        return {"seconds": seconds, "cpuUs": cpu, **(rest or {"latenciesUs": self.latencies})}


async def one_by_one(warmup, count, work):
    for _ in range(warmup):
        await work()
    meter = Meter()
    for _ in range(count):
        begin = time.monotonic()
        await work()
        meter.lap(begin)
    return meter.report()


def measure(kind, main):
    loop_factory = None
    if kind == "uvloop":
        import uvloop

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        print(json.dumps(runner.run(main)), flush=True)
