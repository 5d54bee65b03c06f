"""Children one after another: asyncio_spawn.py <asyncio|uvloop> <protocol|process> <plain|options> <warm-up> <count>."""

import asyncio
import os
import sys
from subprocess import DEVNULL

from measure import measure, one_by_one

kind, level, wanted, warmup, count = sys.argv[1:]
TRUE = "/bin/true"
NOBODY = 65534
PLAIN = {"stdin": None, "stdout": None, "stderr": None}
OPTIONS = {"stdin": DEVNULL, "stdout": DEVNULL, "stderr": DEVNULL, "cwd": "/", "start_new_session": True}
if kind == "asyncio":  # uvloop has neither
    OPTIONS |= {"umask": 0o027, "user": os.getuid() or NOBODY}
options = OPTIONS if wanted == "options" else PLAIN


class Exit(asyncio.SubprocessProtocol):
    def __init__(self, exited):
        self.exited = exited

    def process_exited(self):
        self.exited.set_result(None)


async def by_protocol():
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(lambda: Exit(loop.create_future()), TRUE, **options)
    await protocol.exited
    transport.close()


async def by_process():
    child = await asyncio.create_subprocess_exec(TRUE, **options)
    await child.wait()


work = by_process if level == "process" else by_protocol
measure(kind, one_by_one(int(warmup), int(count), work))
