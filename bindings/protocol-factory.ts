// What makes the protocol of a connection, called once for each; and what can be one.
import { given, typeError } from './errors.js';
import type { ProtocolFactory } from './listener.js';

/** @throws TypeError unless `factory` can be called: a class, as in Python, can't be without `new`. @internal */
export function checkFactory(factory: unknown): void {
  if (typeof factory !== 'function') {
    throw typeError(`a protocol factory (a function) is expected, got ${given(factory)}`);
  }
  if (!isClass(factory)) return;
  const name = factory.name || 'Protocol';
  throw typeError(
    `a protocol factory (a function) is expected, got the class ${name}: give () => new ${name}()`,
  );
}

/** Only the `prototype` of a class can't be replaced; an arrow function has none. */
function isClass(callable: object): boolean {
  return Object.getOwnPropertyDescriptor(callable, 'prototype')?.writable === false;
}

/** @throws TypeError for what can be no protocol. @internal */
export function checkProtocol(protocol: unknown): void {
  if (typeof protocol === 'object' && protocol !== null) return;
  throw typeError(`a protocol is expected, not ${given(protocol)}`);
}

/** A new protocol. @throws what `factory` throws; TypeError when what it gives is no object. @internal */
export function makeProtocol<P>(factory: ProtocolFactory<P>): P {
  const protocol = factory();
  if (typeof protocol === 'object' && protocol !== null) return protocol;
  throw typeError(`the protocol factory must return a protocol, got ${given(protocol)}`);
}
