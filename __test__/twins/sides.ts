// Protocols that log every call the loop makes to them. The Python side is python/sides.py.

import { BufferedProtocol, Protocol, type Transport } from 'mioloop';
import type { Twin } from './scenario.js';
import { word } from './words.js';

export type AnySide = Side | BufferedSide;
export type SideClass<S extends AnySide> = new (twin: Twin) => S;

/** Logs every call that the loop makes to a protocol. */
export class Side extends Protocol {
  name = 'a side';
  transport!: Transport;

  constructor(readonly twin: Twin) {
    super();
  }

  log(event: string): void {
    this.twin.log(`${this.name} ${event}`);
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.log('connection made');
  }

  override dataReceived(data: Buffer): void {
    this.log(`data ${data.toString()}`);
  }

  override eofReceived(): boolean {
    this.log('eof');
    return false;
  }

  override connectionLost(error: Error | null): void {
    this.log(`connection lost: ${word(error)}`);
    this.twin.sideLost();
  }

  override pauseWriting(): void {
    this.log('pause writing');
  }

  override resumeWriting(): void {
    this.log('resume writing');
  }
}

/** The same for a BufferedProtocol. */
export class BufferedSide extends BufferedProtocol {
  name = 'a side';
  transport!: Transport;
  buffer = Buffer.alloc(64);

  constructor(readonly twin: Twin) {
    super();
  }

  log(event: string): void {
    this.twin.log(`${this.name} ${event}`);
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.log('connection made');
  }

  override getBuffer(sizehint: number): Uint8Array {
    this.log(`get buffer ${sizehint}`);
    return this.buffer;
  }

  override bufferUpdated(nbytes: number): void {
    this.log(`buffer updated ${this.buffer.toString('utf8', 0, nbytes)}`);
  }

  override eofReceived(): boolean {
    this.log('eof');
    return false;
  }

  override connectionLost(error: Error | null): void {
    this.log(`connection lost: ${word(error)}`);
    this.twin.sideLost();
  }
}

export class Server extends Side {
  override name = 'server';
}

export class Client extends Side {
  override name = 'client';
}
