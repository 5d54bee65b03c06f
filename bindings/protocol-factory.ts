// What makes the protocol of a connection: called once for each.
import { given, typeError } from './errors.js';
import type { ProtocolFactory } from './listener.js';

/** @throws TypeError unless `factory` can be called. @internal */
export function checkFactory(factory: unknown): void {
  if (typeof factory === 'function') return;
  throw typeError(`a protocol factory (a function) is expected, got ${given(factory)}`);
}

/** A new protocol. @throws what `factory` throws; TypeError when what it gives is no object. @internal */
export function makeProtocol<P>(factory: ProtocolFactory<P>): P {
  const protocol = factory();
  if (typeof protocol === 'object' && protocol !== null) return protocol;
  throw typeError(`the protocol factory must return a protocol, got ${given(protocol)}`);
}
