"""Context variables: who sees which value."""

import asyncio
from contextvars import Context, ContextVar, copy_context

from twin import Boom, play, scenario, script, tried, virtual_scenario

var = ContextVar('var', default='unset')
other = ContextVar('other')


def at(value):
    """A context in which the variable has that value."""
    context = copy_context()
    context.run(var.set, value)
    return context


@script('contexts-of-callbacks')
def contexts_of_callbacks(twin):
    def tells(name):
        twin.log(f'{name}: {var.get()}')
        var.set(f'set by {name}')
        twin.loop.call_soon(lambda: twin.log(f'from {name}: {var.get()}'))

    def main():
        for value in ('one', 'two'):
            var.set(value)
            twin.loop.call_soon(tells, value)
            twin.loop.call_soon_threadsafe(tells, f'threadsafe {value}')
        var.set('last')
        twin.loop.call_soon(lambda: twin.loop.call_soon(twin.loop.stop))
        twin.log(f'main: {var.get()}')

    twin.loop.call_soon(main)
    twin.loop.call_soon(lambda: twin.log(f'beside main: {var.get()}'))
    twin.run_forever()
    twin.log(f'outside: {var.get()}')


@script('contexts-given-to-callbacks')
def contexts_given_to_callbacks(twin):
    def counts(name):
        twin.log(f'{name}: {var.get()}')
        var.set(var.get() + '+')

    context = at('shared')
    twin.loop.call_soon(counts, 'first', context=context)
    twin.loop.call_soon(counts, 'second', context=context)
    twin.loop.call_soon_threadsafe(counts, 'threadsafe', context=context)
    twin.loop.call_later(0, counts, 'timer', context=context)
    twin.loop.call_at(0, counts, 'another timer', context=Context())
    twin.loop.call_soon(counts, 'without')
    twin.loop.call_soon(lambda: twin.loop.call_soon(twin.loop.stop))
    twin.run_forever()
    twin.log(f'left in it: {context.get(var)}, outside: {var.get()}')


@virtual_scenario('contexts-of-timers')
async def contexts_of_timers(twin):
    def tells(name):
        twin.log(f'{name}: {var.get()}')

    for delay in (2, 1, 0):
        var.set(f'when {delay} was set')
        twin.loop.call_later(delay, tells, f'after {delay}')
    var.set('later')
    handle = twin.loop.call_at(1, tells, 'with its own', context=at('given'))
    twin.log(f'context of the handle: {handle.get_context().get(var)}')
    await asyncio.sleep(3)
    tells('main')


@scenario('contexts-of-tasks')
async def contexts_of_tasks(twin):
    async def child(name):
        twin.log(f'{name} starts with {var.get()}')
        var.set(name)
        await asyncio.sleep(0)
        twin.log(f'{name} goes on with {var.get()}')
        await grandchild(name)
        twin.log(f'{name} ends with {var.get()}')

    async def grandchild(name):
        var.set(f'{name}, set by what it awaits')
        await asyncio.sleep(0)

    var.set('main')
    tasks = [twin.loop.create_task(child(name)) for name in ('a', 'b')]
    var.set('main, later')
    for task in tasks:
        await task
    twin.log(f'main has {var.get()}, a has {tasks[0].get_context().get(var)}')


@scenario('contexts-shared-by-tasks')
async def contexts_shared_by_tasks(twin):
    async def counts(name):
        for _ in range(2):
            twin.log(f'{name}: {var.get()}')
            var.set(f'{var.get()}{name}')
            await asyncio.sleep(0)

    context = at('>')
    tasks = [twin.loop.create_task(counts(name), context=context) for name in 'abc']
    for task in tasks:
        await task
    twin.log(f'left in it: {context.get(var)}, the same: {tasks[0].get_context() is context}')
    twin.log(f'main: {var.get()}')


@scenario('contexts-of-done-callbacks')
async def contexts_of_done_callbacks(twin):
    def tells(name):
        return lambda _: twin.log(f'{name}: {var.get()}')

    async def sets():
        var.set('set by the task')

    var.set('when added')
    future = twin.loop.create_future()
    future.add_done_callback(tells('callback'))
    future.add_done_callback(tells('callback with a context'), context=at('given'))
    task = twin.loop.create_task(sets())
    task.add_done_callback(tells('callback of a task'))
    var.set('when set')
    future.set_result('x')
    future.add_done_callback(tells('callback when done'))
    await twin.turns(3)


@scenario('contexts-and-tokens')
async def contexts_and_tokens(twin):
    twin.log(f'no value: {tried(other.get)}, default {other.get("given")}, {var.get()}')
    token = var.set('one')
    again = var.set('two')
    twin.log(f'of another variable: {tried(lambda: other.reset(again))}')
    twin.log(f'{var.get()}, before: {again.old_value}')
    var.reset(again)
    twin.log(var.get())
    var.reset(token)
    twin.log(var.get())
    twin.log(f'used twice: {tried(lambda: var.reset(token))}')


@scenario('contexts-run')
async def contexts_run(twin):
    def inside(value, stop=False):
        twin.log(f'inside: {var.get()}, in the context: {context.get(var)}')
        var.set(value)
        twin.log(f'set: {var.get()}, in the context: {context.get(var)}')
        twin.log(f'entered again: {tried(lambda: context.run(inside, "never"))}')
        if stop:
            raise Boom
        return 'returned'

    var.set('outside')
    context = copy_context()
    var.set('changed outside')
    twin.log(context.run(inside, 'first'))
    twin.log(tried(lambda: context.run(inside, 'second', True)))
    copy = context.copy()
    context.run(var.set, 'not in the copy')
    twin.log(f'copy: {copy.get(var)}, original: {context.get(var)}, outside: {var.get()}')
    twin.log(f'has: {var in context}, {other in context}, an empty one: {var in Context()}')


@scenario('contexts-across-waits')
async def contexts_across_waits(twin):
    async def waits(name, future):
        var.set(name)
        try:
            await future
        except asyncio.CancelledError:
            twin.log(f'{name} is cancelled with {var.get()}')
            return
        twin.log(f'{name} wakes with {var.get()}')

    future = twin.loop.create_future()
    tasks = [twin.loop.create_task(waits(name, future)) for name in 'ab']
    doomed = twin.loop.create_task(waits('c', twin.loop.create_future()))
    await twin.turns(1)
    twin.loop.call_soon(future.set_result, 'x', context=at('of who sets the result'))
    twin.loop.call_soon(doomed.cancel, context=at('of who cancels'))
    for task in (*tasks, doomed):
        await task
    twin.log(f'main: {var.get()}')


@script('contexts-of-the-exception-handler')
def contexts_of_the_exception_handler(twin):
    def handler(_loop, context):
        twin.log(f'handler: {var.get()}, {sorted(context)[0]}')

    def raises():
        var.set('set by what raises')
        raise Boom

    async def main():
        var.set('task')
        future = twin.loop.create_future()
        twin.loop.call_soon(raises, context=at('given'))
        await asyncio.sleep(0)
        twin.loop.call_soon(raises)
        await asyncio.sleep(0)
        future.add_done_callback(lambda _: raises())
        future.set_result('x')
        await twin.turns(2)

    twin.loop.set_exception_handler(handler)
    twin.loop.run_until_complete(main())


if __name__ == '__main__':
    play()
