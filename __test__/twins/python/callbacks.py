"""Callbacks, timers and stop(): no sockets."""

from twin import play, script, virtual_script


@script('call-soon')
def call_soon(twin):
    loop = twin.loop

    def first(tag):
        twin.log(f'first {tag}')
        loop.call_soon(nested)
        loop.call_soon(twin.logger('nested, scheduled second'))

    def nested():
        twin.log('nested')
        loop.call_soon(twin.logger('nested twice'))
        loop.call_soon(loop.stop)

    loop.call_soon(first, 'with an argument')
    loop.call_soon(twin.logger('second'))
    cancelled = loop.call_soon(twin.logger('never'))
    loop.call_soon(twin.logger('third'))
    cancelled.cancel()
    twin.run_forever()


@script('call-soon-threadsafe')
def call_soon_threadsafe(twin):
    loop = twin.loop

    def first():
        loop.call_soon(twin.logger('soon 1'))
        loop.call_soon_threadsafe(twin.logger('threadsafe'))
        loop.call_soon(twin.logger('soon 2'))
        loop.call_soon(loop.call_soon, loop.stop)
        twin.log('scheduled')

    loop.call_soon_threadsafe(first)
    twin.run_forever()


@script('cancel-in-batch')
def cancel_in_batch(twin):
    loop = twin.loop

    def first():
        twin.log('first cancels second')
        second.cancel()

    loop.call_soon(first)
    second = loop.call_soon(twin.logger('never'))
    loop.call_soon(twin.logger('third'))
    loop.call_soon(loop.stop)
    twin.run_forever()


@script('call-later-zero')
def call_later_zero(twin):
    loop = twin.loop

    def first():
        twin.log('first')
        loop.call_later(0, nested_timer)
        loop.call_soon(twin.logger('nested soon'))
        loop.call_later(0, twin.logger('nested timer, scheduled second'))

    def nested_timer():
        twin.log('nested timer')
        loop.call_soon(loop.stop)

    loop.call_later(0, twin.logger('timer'))
    loop.call_soon(first)
    loop.call_soon(twin.logger('second'))
    twin.run_forever()


@script('negative-delays')
def negative_delays(twin):
    loop = twin.loop
    loop.call_later(0, loop.stop)
    loop.call_later(-1, twin.logger('-1'))
    loop.call_later(-3, twin.logger('-3'))
    loop.call_later(-2, twin.logger('-2'))
    loop.call_soon(twin.logger('soon'))
    twin.run_forever()


@virtual_script('timer-wait')
def timer_wait(twin):
    loop = twin.loop

    def late():
        twin.log('1.25 s')
        loop.call_soon(loop.stop)

    loop.call_later(1.25, late)
    loop.call_later(0.25, twin.logger('0.25 s'))
    loop.call_later(0.5, twin.logger('never')).cancel()
    loop.call_at(loop.time() + 0.75, twin.logger('0.75 s'))
    twin.run_forever()


@script('stop-before-run')
def stop_before_run(twin):
    loop = twin.loop
    loop.call_soon(lambda: (twin.log('soon'), loop.call_soon(twin.logger('nested'))))
    loop.call_later(-1, twin.logger('due timer'))
    loop.call_later(60, twin.logger('never'))
    loop.stop()
    twin.run_forever()
    twin.log('first run returned')
    loop.stop()
    twin.run_forever()
    twin.log('second run returned')


@script('stop-in-batch')
def stop_in_batch(twin):
    loop = twin.loop

    def first():
        twin.log('first stops')
        loop.stop()
        loop.call_soon(twin.logger('scheduled after stop'))
        loop.call_soon(loop.stop)
        loop.call_soon(twin.logger('the rest of the second batch'))

    loop.call_soon(first)
    loop.call_soon(twin.logger('the rest of the batch'))
    twin.run_forever()
    twin.log('first run returned')
    twin.run_forever()
    twin.log('second run returned')


@script('run-once')
def run_once(twin):
    loop = twin.loop
    loop.call_soon(lambda: (twin.log('ready'), loop.call_soon(twin.logger('next run'))))
    loop.call_soon(loop.stop)
    loop.call_soon(twin.logger('ready, behind stop'))
    twin.run_forever()
    twin.log('first run returned')
    loop.call_soon(loop.stop)
    twin.run_forever()
    twin.log('second run returned')


if __name__ == '__main__':
    play()
