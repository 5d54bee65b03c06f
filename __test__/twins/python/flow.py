"""Pausing, on the reading and on the writing side."""

from twin import BIG, Boom, Client, Server, play, scenario


class PausesAtOnce(Server):
    def connection_made(self, transport):
        super().connection_made(transport)
        transport.pause_reading()


class PausesOnData(Server):
    def data_received(self, data):
        super().data_received(data)
        self.transport.pause_reading()


class Counts(Server):
    received = 0

    def data_received(self, data):
        self.received += len(data)


@scenario('pause-in-connection-made')
async def pause_in_connection_made(twin):
    made = []
    server = await twin.listen(lambda: made.append(PausesAtOnce(twin)) or made[0])
    twin.zero()
    _, client = await twin.connect(server, lambda: Client(twin))
    client.transport.write(b'ping')
    twin.log('client wrote')
    await twin.turns(5)
    made[0].transport.resume_reading()
    twin.log(f'server reads again: {made[0].transport.is_reading()}')
    await twin.turns(3)
    client.transport.close()
    await twin.both_lost()


@scenario('pause-in-data-received')
async def pause_in_data_received(twin):
    server, client = await twin.pair(PausesOnData, Client)
    client.transport.write(b'one')
    twin.log('client wrote one')
    await twin.turns(2)
    client.transport.write(b'two')
    client.transport.close()
    twin.log('client wrote two and closed')
    await twin.turns(5)
    server.transport.resume_reading()
    twin.log('server resumed')
    await twin.turns(4)
    server.transport.resume_reading()
    twin.log('server resumed')
    await twin.both_lost()


@scenario('pause-and-resume-in-one-turn')
async def pause_and_resume_in_one_turn(twin):
    class PausesBriefly(PausesOnData):
        def data_received(self, data):
            super().data_received(data)
            self.transport.resume_reading()

    server, client = await twin.pair(PausesBriefly, Client)
    client.transport.write(b'one')
    twin.log('client wrote one')
    await twin.turns(2)
    client.transport.write(b'two')
    client.transport.write_eof()
    twin.log('client wrote two and eof')
    await twin.both_lost()


@scenario('pause-before-dispatch')
async def pause_before_dispatch(twin):
    server, client = await twin.pair(Server, Client)
    client.transport.write(b'held back')
    twin.loop.call_soon(server.transport.pause_reading)
    twin.log('client wrote; server pauses before the data is dispatched')
    await twin.turns(4)
    server.transport.resume_reading()
    twin.log('server resumed')
    await twin.turns(3)
    client.transport.close()
    await twin.both_lost()


@scenario('pause-writing')
async def pause_writing(twin):
    class Writes(Client):
        def resume_writing(self):
            twin.count_from_here('client resume writing')
            self.transport.set_write_buffer_limits()
            self.transport.write(b'from resume writing')
            twin.log('client wrote')

    class Reports(Counts):
        def data_received(self, data):
            super().data_received(data)
            if self.received == BIG + 19:
                twin.count_from_here('everything arrived, with what resume writing wrote')
                client.transport.close()

    server, client = await twin.pair(Reports, Writes)
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=0)
    twin.log(f'limits {client.transport.get_write_buffer_limits()}'.replace('(', '').replace(')', ''))
    client.transport.write(bytes(BIG))
    twin.log('the big write returned')
    client.transport.write(b'')
    await twin.turns(4)
    server.transport.resume_reading()
    twin.log('server resumed')
    await twin.both_lost()


@scenario('write-until-paused')
async def write_until_paused(twin):
    class Writes(Client):
        paused = False

        def pause_writing(self):
            super().pause_writing()
            self.paused = True

    server, client = await twin.pair(Counts, Writes)
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=10, low=5)
    while not client.paused:
        client.transport.write(bytes(1000))
    twin.log(f'paused, and more than 10 bytes are buffered: {client.transport.get_write_buffer_size() > 10}')
    client.transport.write(bytes(1000))
    client.transport.set_write_buffer_limits(high=3, low=2)
    twin.log('wrote when paused: not called again')
    client.transport.abort()
    server.transport.abort()
    await twin.both_lost()


@scenario('limits-pause-at-once')
async def limits_pause_at_once(twin):
    class Resumes(Client):
        def resume_writing(self):
            twin.count_from_here('client resume writing')

    server, client = await twin.pair(Counts, Resumes)
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=2 * BIG)
    client.transport.write(bytes(BIG))
    twin.log('the big write returned: not paused')
    client.transport.set_write_buffer_limits(high=100)
    twin.log('limits lowered')
    await twin.turns(2)
    server.transport.resume_reading()
    while server.received < BIG:
        await twin.turns(1)
    server.transport.abort()
    client.transport.abort()
    twin.count_from_here('everything arrived; both aborted')
    await twin.both_lost()


@scenario('pause-writing-error')
async def pause_writing_error(twin):
    class Fails(Client):
        def pause_writing(self):
            super().pause_writing()
            raise Boom

        def resume_writing(self):
            twin.count_from_here('client resume writing')
            raise Boom

    server, client = await twin.pair(Counts, Fails)
    server.transport.pause_reading()
    client.transport.set_write_buffer_limits(high=0)
    client.transport.write(bytes(BIG))
    twin.log('the big write returned')
    server.transport.resume_reading()
    while server.received < BIG:
        await twin.turns(1)
    twin.count_from_here('everything arrived')
    client.transport.close()
    await twin.both_lost()


if __name__ == '__main__':
    play()
