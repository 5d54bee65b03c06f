"""Child processes: in which turns their protocols hear of what. A child does one thing at a time, each when it is told to by
its control, one end of a socket pair; the loop has come to rest by then."""

import asyncio
import socket

from twin import play, scenario, word


class Child(asyncio.SubprocessProtocol):
    def __init__(self, twin):
        self.twin = twin
        self.awaited = {}
        self.log('factory')

    def log(self, event):
        self.twin.log(event)
        if event in self.awaited:
            self.awaited.pop(event).set_result(None)

    async def until(self, event):
        """Waits for the event, and for what comes right behind it."""
        self.awaited[event] = self.twin.loop.create_future()
        await self.awaited[event]
        await self.twin.turns(4)

    def connection_made(self, transport):
        self.transport = transport
        self.log('connection made')

    def pipe_data_received(self, fd, data):
        self.log(f'pipe {fd}: {data.decode().strip()}')

    def pipe_connection_lost(self, fd, error):
        self.log(f'pipe {fd} lost: {word(error)}')

    def process_exited(self):
        self.log(f'process exited: {self.transport.get_returncode()}')

    def connection_lost(self, error):
        self.log(f'connection lost: {word(error)}')


class Control:
    """Tells a child to go on, by the line that it reads."""

    def __init__(self, twin):
        self.twin = twin
        self.ours, self.theirs = socket.socketpair()

    async def start(self, script, **leads):
        self.twin.count_from_here('subprocess_exec called')
        child = Child(self.twin)
        await self.twin.loop.subprocess_exec(lambda: child, '/bin/sh', '-c', script, **leads)
        self.twin.log('subprocess_exec returned')
        self.theirs.close()
        await self.twin.turns(4)
        return child

    async def process(self, script, **leads):
        self.twin.count_from_here('create_subprocess_exec called')
        process = await asyncio.create_subprocess_exec('/bin/sh', '-c', script, **leads)
        self.twin.log('create_subprocess_exec returned')
        self.theirs.close()
        await self.twin.turns(4)
        return process

    def tell(self):
        self.twin.count_from_here('told')
        self.ours.send(b'\n')

    def close(self):
        self.twin.count_from_here('let go')
        self.ours.close()


@scenario('child-without-pipes')
async def child_without_pipes(twin):
    control = Control(twin)
    child = await control.start('read x; exit 3', stdin=control.theirs, stdout=None, stderr=None)
    control.tell()
    await child.until('connection lost: no error')
    child.transport.close()


@scenario('child-output')
async def child_output(twin):
    control = Control(twin)
    script = 'read x; echo hello; read x; exec 1>&-; read x; exec 2>&-; read x; exit 3'
    child = await control.start(script, stdin=control.theirs)
    for event in ('pipe 1: hello', 'pipe 1 lost: no error', 'pipe 2 lost: no error', 'connection lost: no error'):
        control.tell()
        await child.until(event)
    child.transport.close()


@scenario('child-input')
async def child_input(twin):
    control = Control(twin)
    script = 'read x <&1; exec 0<&-; read x <&1; exit 3'
    child = await control.start(script, stdout=control.theirs, stderr=None)
    control.tell()
    await child.until('pipe 0 lost: no error')
    control.tell()
    await child.until('connection lost: no error')
    child.transport.close()


@scenario('child-all-pipes')
async def child_all_pipes(twin):
    control = Control(twin)
    child = await control.start('cat')
    twin.count_from_here('written')
    child.transport.get_pipe_transport(0).write(b'hello')
    await child.until('pipe 1: hello')
    child.transport.close()
    control.ours.close()


@scenario('child-outlived')
async def child_outlived(twin):
    control = Control(twin)
    script = 'read x; exec 3<&0; cat <&3 & exit 5'
    child = await control.start(script, stdin=control.theirs, stderr=None)
    control.tell()
    await child.until('process exited: 5')
    control.close()
    await child.until('connection lost: no error')
    child.transport.close()


@scenario('child-killed')
async def child_killed(twin):
    control = Control(twin)
    child = await control.start('read x', stdin=control.theirs, stdout=None, stderr=None)
    child.transport.kill()
    twin.count_from_here(f'killed: {child.transport.get_returncode()}')
    await child.until('connection lost: no error')
    try:
        child.transport.send_signal(0)
    except ProcessLookupError:
        twin.log('send_signal raised ESRCH')
    twin.log(f'closing: {child.transport.is_closing()}')
    child.transport.close()
    twin.log(f'closing: {child.transport.is_closing()}')
    control.ours.close()


@scenario('child-closed')
async def child_closed(twin):
    control = Control(twin)
    child = await control.start('read x', stdin=control.theirs, stdout=None, stderr=None)
    child.transport.close()
    twin.count_from_here('closed')
    await child.until('connection lost: no error')
    control.ours.close()


@scenario('child-missing')
async def child_missing(twin):
    twin.log('subprocess_exec called')
    try:
        await twin.loop.subprocess_exec(lambda: Child(twin), '/nowhere/program')
    except OSError as error:
        twin.log(f'subprocess_exec raised {word(error)}: {error.filename}')


class Unpunctual(Child):
    """Its end is seen when the kernel likes: the loop does not rest meanwhile."""

    def process_exited(self):
        self.twin.count_from_here(f'process exited: {self.transport.get_returncode()}')


@scenario('child-cancelled')
async def child_cancelled(twin):
    control = Control(twin)
    leads = dict(stdin=control.theirs, stdout=None, stderr=None)

    async def start():
        try:
            await twin.loop.subprocess_exec(lambda: Unpunctual(twin), '/bin/sh', '-c', 'read x', **leads)
        finally:
            twin.log('subprocess_exec is over')

    task = twin.loop.create_task(start())
    await twin.turns(1)
    twin.count_from_here(f'cancelled: {task.cancel()}')
    await asyncio.wait([task])
    twin.log(f'cancelled: {task.cancelled()}')
    control.theirs.close()
    control.ours.close()


@scenario('process-wait')
async def process_wait(twin):
    control = Control(twin)
    process = await control.process('read x; exit 3', stdin=control.theirs)

    async def wait(name):
        twin.log(f'{name}: {await process.wait()}')

    tasks = [twin.loop.create_task(wait(name)) for name in ('first', 'second')]
    await twin.turns(2)
    control.tell()
    await asyncio.wait(tasks)
    twin.log(f'again: {await process.wait()}, {process.returncode}')


@scenario('process-reads')
async def process_reads(twin):
    control = Control(twin)
    script = 'read x; echo hello; read x; exec 1>&-; read x; exit 3'
    process = await control.process(script, stdin=control.theirs, stdout=asyncio.subprocess.PIPE)
    for _ in range(2):
        control.tell()
        line = await process.stdout.readline()
        twin.log(f'line: {line.decode().strip()}')
        await twin.turns(4)
    control.tell()
    twin.log(f'wait: {await process.wait()}')


@scenario('process-communicates')
async def process_communicates(twin):
    control = Control(twin)
    process = await control.process('read x; exit 3', stdin=control.theirs)

    async def communicate():
        out, err = await process.communicate()
        twin.log(f'communicate: {out}, {err}')

    task = twin.loop.create_task(communicate())
    await twin.turns(4)
    control.tell()
    await task


if __name__ == '__main__':
    play()
