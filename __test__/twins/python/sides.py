"""Protocols that log every call the loop makes to them. The TypeScript side is ../sides.ts."""

import asyncio

from words import word


class Recorder:
    """Logs every call that the loop makes to a protocol."""

    name = 'a side'

    def __init__(self, twin):
        self.twin = twin
        self.transport = None

    def log(self, event):
        self.twin.log(f'{self.name} {event}')

    def connection_made(self, transport):
        self.transport = transport
        self.log('connection made')

    def eof_received(self):
        self.log('eof')

    def connection_lost(self, error):
        self.log(f'connection lost: {word(error)}')
        self.twin.side_lost()

    def pause_writing(self):
        self.log('pause writing')

    def resume_writing(self):
        self.log('resume writing')


class Side(Recorder, asyncio.Protocol):
    def data_received(self, data):
        self.log(f'data {data.decode()}')


class BufferedSide(Recorder, asyncio.BufferedProtocol):
    def __init__(self, twin):
        super().__init__(twin)
        self.buffer = bytearray(64)

    def get_buffer(self, sizehint):
        self.log(f'get buffer {sizehint}')
        return self.buffer

    def buffer_updated(self, nbytes):
        self.log(f'buffer updated {self.buffer[:nbytes].decode()}')


class Server(Side):
    name = 'server'


class Client(Side):
    name = 'client'
