"""The exception handler: what it is told, what it may do, and who stands in for it."""

import asyncio

from twin import Boom, play, said, scenario, script, tried, virtual_script


def tells(twin):
    """A handler that logs what it is told: the message up to what names an object, the keys, the error."""

    def handler(loop, context):
        message = context['message'].split(' callback')[0]
        keys = ', '.join(sorted(context))
        twin.log(f'{message} ({keys}): {said(context.get("exception"))}, this loop: {loop is twin.loop}')

    return handler


def boom(*_):
    raise Boom('text')


def stop_soon(twin):
    twin.loop.call_soon(lambda: twin.loop.call_soon(twin.loop.stop))


@script('handler-of-callbacks')
def handler_of_callbacks(twin):
    twin.loop.set_exception_handler(tells(twin))
    twin.loop.call_soon(boom)
    twin.loop.call_soon(twin.logger('the next callback'))
    twin.loop.call_soon_threadsafe(boom)
    twin.loop.call_soon(boom, 'with', 'arguments')
    stop_soon(twin)
    twin.run_forever()
    twin.log('returned')


@virtual_script('handler-of-timers')
def handler_of_timers(twin):
    def handler(_loop, context):
        handle = context['handle']
        twin.log(f'{said(context["exception"])}, the timer: {handle is timer}, when {handle.when():.0f}')

    twin.loop.set_exception_handler(handler)
    timer = twin.loop.call_later(1, boom)
    twin.loop.call_later(1, twin.logger('the next timer'))
    twin.loop.call_later(2, twin.loop.stop)
    twin.run_forever()


@scenario('handler-of-done-callbacks')
async def handler_of_done_callbacks(twin):
    async def returns():
        return 'value'

    twin.loop.set_exception_handler(tells(twin))
    future = twin.loop.create_future()
    future.add_done_callback(boom)
    future.add_done_callback(twin.logger('the next callback'))
    future.set_result('x')
    task = twin.loop.create_task(returns())
    task.add_done_callback(boom)
    twin.log(f'awaited {await task}')
    await twin.turns(2)


@scenario('handler-is-not-for-tasks')
async def handler_is_not_for_tasks(twin):
    async def fails():
        await twin.turns(1)
        boom()

    twin.loop.set_exception_handler(tells(twin))
    task = twin.loop.create_task(fails())
    await twin.turns(3)
    twin.log(f'asked for: {said(task.exception())}')
    twin.log(await twin.outcome(task, said))


@script('handler-that-raises')
def handler_that_raises(twin):
    def broken(_loop, context):
        twin.log(f'the handler is told of {said(context["exception"])}')
        raise RuntimeError('broken')

    def default(context):
        first = context['context']
        keys = ', '.join(sorted(context))
        twin.log(f'{context["message"]} ({keys}): {said(context["exception"])}')
        twin.log(f'in its context: {", ".join(sorted(first))}: {said(first["exception"])}')

    twin.loop.set_exception_handler(broken)
    twin.loop.default_exception_handler = default
    twin.loop.call_soon(boom)
    twin.loop.call_soon(twin.logger('the next callback'))
    stop_soon(twin)
    twin.run_forever()


@script('handler-and-the-default')
def handler_and_the_default(twin):
    def default(context):
        twin.log(f'default: {context["message"].split(" callback")[0]}')

    def passes_on(loop, context):
        twin.log('handler passes it on')
        loop.default_exception_handler(context)

    twin.loop.default_exception_handler = default
    for handler in (None, passes_on, None):
        twin.loop.set_exception_handler(handler)
        twin.log(f'set: {twin.loop.get_exception_handler() is handler}')
        twin.loop.call_soon(boom)
        twin.loop.call_soon(twin.loop.stop)
        twin.run_forever()


@script('handler-called-by-hand')
def handler_called_by_hand(twin):
    def handler(loop, context):
        twin.log(f'told the same object: {context is given}, {context["message"]}, {context["detail"]}')
        return 'ignored'

    given = {'message': 'by hand', 'detail': 42}
    twin.loop.set_exception_handler(handler)
    twin.log(f'outside of a run: {twin.loop.call_exception_handler(given)}')
    twin.loop.call_soon(twin.loop.call_exception_handler, given)
    twin.loop.call_soon(twin.loop.stop)
    twin.run_forever()


@script('handler-of-the-wrong-kind')
def handler_of_the_wrong_kind(twin):
    def handler(_loop, context):
        twin.log(f'still there: {said(context["exception"])}')

    twin.loop.set_exception_handler(handler)
    for wrong in ('text', 1, []):
        twin.log(tried(lambda: twin.loop.set_exception_handler(wrong), said))
    twin.loop.call_soon(boom)
    twin.loop.call_soon(twin.loop.stop)
    twin.run_forever()


@script('handler-that-goes-on')
def handler_that_goes_on(twin):
    def handler(loop, context):
        twin.log(f'handler: {said(context["exception"])}')
        loop.call_soon(twin.logger('scheduled by the handler'))
        loop.create_task(works())

    async def works():
        twin.log('a task of the handler')
        await asyncio.sleep(0)
        twin.loop.stop()

    twin.loop.set_exception_handler(handler)
    twin.loop.call_soon(boom)
    twin.loop.call_soon(twin.logger('the next callback'))
    twin.run_forever()


@script('handler-that-exits')
def handler_that_exits(twin):
    def handler(_loop, context):
        twin.log(f'handler: {said(context["exception"])}')
        raise SystemExit('enough')

    twin.loop.set_exception_handler(handler)
    twin.loop.call_soon(boom)
    twin.loop.call_soon(twin.logger('the rest of the batch'))
    twin.log(tried(twin.run_forever, said))
    twin.loop.call_soon(twin.loop.stop)
    twin.run_forever()
    twin.log('second run returned')


@script('handler-of-cancelled-errors')
def handler_of_cancelled_errors(twin):
    def cancelled():
        raise asyncio.CancelledError('in a callback')

    twin.loop.set_exception_handler(tells(twin))
    twin.loop.call_soon(cancelled)
    twin.loop.call_soon(twin.logger('the next callback'))
    stop_soon(twin)
    twin.run_forever()


if __name__ == '__main__':
    play()
