"""timeout and timeout_at."""

import asyncio

from twin import Boom, play, said, scenario, shown, virtual_scenario, word


def text(limit):
    return repr(limit).replace('.0>', '>')


def level(twin):
    twin.log(f'cancelling {asyncio.current_task().cancelling()}')


@virtual_scenario('timeout-too-late')
async def timeout_too_late(twin):
    async def main():
        try:
            async with asyncio.timeout(1) as limit:
                try:
                    await asyncio.sleep(8)
                finally:
                    twin.log(f'body ends, {text(limit)}')
                    level(twin)
                    await twin.turns(2)
        except TimeoutError as error:
            twin.log(f'{word(error)} because of {word(error.__cause__)}, {text(limit)}')
        level(twin)
        await asyncio.sleep(0.5)

    twin.log(await twin.outcome(main()))


@virtual_scenario('timeout-in-time')
async def timeout_in_time(twin):
    async with asyncio.timeout(1) as limit:
        twin.log(f'{text(limit)}')
        await asyncio.sleep(0.5)
    twin.log(f'{text(limit)}, expired {shown(limit.expired())}')
    async with asyncio.timeout(None) as limit:
        twin.log(f'{text(limit)}')
        await asyncio.sleep(64)
    async with asyncio.timeout_at(twin.loop.time() + 1):
        await asyncio.sleep(0.5)
    twin.log(await twin.outcome(asyncio.sleep(4, 'nothing fires any more')))


@virtual_scenario('timeout-of-nothing')
async def timeout_of_nothing(twin):
    for delay in (0, -1):
        for turns in (0, 1, 2, 3):

            async def main():
                async with asyncio.timeout(delay):
                    await twin.turns(turns)
                    twin.log('body ends')

            twin.log(f'{delay} for {turns} turns: {await twin.outcome(twin.loop.create_task(main()))}')


@virtual_scenario('timeout-nested')
async def timeout_nested(twin):
    for outer_delay, inner_delay in ((1, 2), (2, 1), (1, 1)):

        async def main():
            try:
                async with asyncio.timeout(outer_delay) as outer:
                    try:
                        async with asyncio.timeout(inner_delay) as inner:
                            await asyncio.sleep(8)
                    except BaseException as error:
                        twin.log(f'inner: {word(error)}, expired {shown(inner.expired())}')
                        level(twin)
                        raise
            except BaseException as error:
                twin.log(f'outer: {word(error)}, expired {shown(outer.expired())}')
                level(twin)

        await twin.loop.create_task(main())


@virtual_scenario('timeout-in-cleanup')
async def timeout_in_cleanup(twin):
    async def main():
        async with asyncio.timeout(1):
            try:
                await asyncio.sleep(8)
            finally:
                try:
                    async with asyncio.timeout(1):
                        await asyncio.sleep(8)
                except TimeoutError as error:
                    twin.log(f'clean-up: {word(error)}')
                    level(twin)

    twin.log(await twin.outcome(twin.loop.create_task(main())))


@virtual_scenario('timeout-and-cancel')
async def timeout_and_cancel(twin):
    # Before the deadline, in its turn before and behind it, and while the body cleans up.
    for when, behind in ((0.5, False), (1, False), (1, True), (1.5, True)):
        start = twin.loop.time()

        async def main():
            async with asyncio.timeout_at(start + 1) as limit:
                try:
                    await asyncio.sleep(8)
                finally:
                    twin.log(f'body ends, expired {shown(limit.expired())}')
                    await asyncio.sleep(1)

        task = twin.loop.create_task(main())
        if behind:
            await twin.turns(1)
        timer = twin.loop.call_at(start + when, task.cancel)
        twin.log(await twin.outcome(task))
        twin.log(f'cancelling {task.cancelling()}, cancelled {shown(task.cancelled())}')
        timer.cancel()


@virtual_scenario('timeout-swallowed')
async def timeout_swallowed(twin):
    async def main():
        async with asyncio.timeout(1) as limit:
            try:
                await asyncio.sleep(8)
            except asyncio.CancelledError:
                twin.log('swallowed')
            try:
                limit.reschedule(8)
            except RuntimeError as error:
                twin.log(said(error))
            await asyncio.sleep(1)
            twin.log('body ends')
        level(twin)
        return 'main ends'

    twin.log(await twin.outcome(twin.loop.create_task(main())))


@virtual_scenario('timeout-error')
async def timeout_error(twin):
    async def main(delay):
        async with asyncio.timeout(1) as limit:
            try:
                await asyncio.sleep(delay)
                raise Boom()
            except asyncio.CancelledError as error:
                raise Boom() from error
            finally:
                twin.log(f'{text(limit)}')

    for delay in (0.5, 8):
        try:
            await twin.loop.create_task(main(delay))
        except Boom as error:
            twin.log(f'Boom because of {word(error.__cause__ and error.__context__)}')


@virtual_scenario('timeout-reschedule')
async def timeout_reschedule(twin):
    async def main(*moves):
        limits = []
        try:
            async with asyncio.timeout(2) as limit:
                limits.append(limit)
                for move in moves:
                    await asyncio.sleep(1)
                    limit.reschedule(None if move is None else twin.loop.time() + move)
                    twin.log(f'when {shown(limit.when())}')
                await asyncio.sleep(16)
        finally:
            twin.log(f'{text(limits[0])}')

    twin.zero()
    for moves in ((4,), (0.5,), (None,), (0,), (-4,), (8, None, 2)):
        twin.log(await twin.outcome(twin.loop.create_task(main(*moves))))


@scenario('timeout-misuse')
async def timeout_misuse(twin):
    limit = asyncio.timeout(1)
    try:
        limit.reschedule(2)
    except RuntimeError as error:
        twin.log(said(error))
    async with limit:
        try:
            async with limit:
                pass
        except RuntimeError as error:
            twin.log(said(error))
    for again in (lambda: limit.__aenter__(), None):
        try:
            if again is None:
                limit.reschedule(2)
            else:
                await again()
        except RuntimeError as error:
            twin.log(said(error))


@virtual_scenario('timeout-levels')
async def timeout_levels(twin):
    async def main():
        asyncio.current_task().cancel()
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            level(twin)
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(1)
        except TimeoutError:
            twin.log('timed out')
        level(twin)
        try:
            async with asyncio.timeout(1):
                asyncio.current_task().cancel()
                await asyncio.sleep(2)
        except asyncio.CancelledError:
            twin.log('cancelled')
        level(twin)

    twin.log(await twin.outcome(twin.loop.create_task(main())))


if __name__ == '__main__':
    play()
