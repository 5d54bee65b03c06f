// The errors of sockets that can't be bound, with the address and the words of asyncio.
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { type Address, detailsOf } from './address.js';
import { endpoint, type SystemError, systemError } from './system-error.js';

/** `bind` has failed for one address. @internal */
export function bindError(errno: number, address: Address): SystemError {
  const error = systemError(errno, { syscall: 'bind', ...detailsOf(address) });
  const [, words = error.code] = getSystemErrorMap().get(-errno) ?? [];
  error.message = `bind ${error.code}: error while attempting to bind on address ${placeOf(address)}: ${words}`;
  return error;
}

/** There is no address to bind to: `text` says of which. @internal */
export function noAddressError(text: string, first?: Address): SystemError {
  const error = systemError(constants.errno.EADDRNOTAVAIL, { syscall: 'bind', ...detailsOf(first) });
  error.message = `bind ${error.code}: ${text}`;
  return error;
}

/** An address for a message. @internal */
export function placeOf(address: Address): string {
  return typeof address === 'string' ? address.replaceAll('\0', '@') : endpoint(address[0], address[1]);
}
