// The sockets of a server: one for each address, all on one port. asyncio: a part of `loop.create_server`.
import { constants } from 'node:os';
import { addressesOf, type InternetAddress, nativeAddress } from './address.js';
import { bindError, noAddressError, placeOf } from './bind-error.js';
import { rangeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { AddrInfo } from './getaddrinfo.js';
import type { NativeLoop } from './native/addon.js';
import type { Opened } from './native/core.js';

/** What is set on a socket before it is bound. @internal */
export interface BindOptions {
  readonly backlog: number;
  readonly reuseAddress: boolean;
  readonly reusePort: boolean;
  readonly keepAlive: boolean;
}

const { EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, ENOPROTOOPT } = constants.errno;
/** How often a port that the system chose for the first address may be taken at another one. */
const PORT_ATTEMPTS = 16;

/** A port that the system chose is in use at another address. */
class PortTaken extends Error {
  constructor(readonly reason: Error) {
    super();
  }
}

/**
 * Listeners bound to `infos`, none twice. Addresses that the system does not have (their family is off, for example)
 * are left out. With port 0 the system chooses one port for all.
 * @throws the system's error; nothing is bound then.
 * @internal
 */
export function bindAddresses(loop: EventLoop, infos: readonly AddrInfo[], options: BindOptions): Opened[] {
  const addresses = new Map(infos.map((info) => [JSON.stringify(info.address), info]));
  for (let attempt = 1; ; attempt++) {
    try {
      return bindAll(loop.scheduler.core.native, [...addresses.values()], options);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      if (attempt === PORT_ATTEMPTS) throw error.reason;
    }
  }
}

function bindAll(native: NativeLoop, infos: readonly AddrInfo[], options: BindOptions): Opened[] {
  const bound: Opened[] = [];
  let chosen = 0;
  try {
    for (const { address, family } of infos) {
      const isChosen = address[1] === 0 && chosen !== 0;
      const wanted = isChosen ? withPort(address, chosen) : address;
      const opened = native.bind(
        nativeAddress(wanted, family),
        options.backlog,
        options.reuseAddress,
        options.reusePort,
        options.keepAlive,
      );
      if (typeof opened !== 'number') {
        bound.push(opened);
        if (address[1] === 0) chosen = portOf(native, opened);
      } else if (opened === ENOPROTOOPT && options.reusePort) {
        throw rangeError('reusePort is not supported by this system');
      } else if (opened !== EADDRNOTAVAIL && opened !== EAFNOSUPPORT) {
        const error = bindError(opened, wanted);
        throw isChosen && opened === EADDRINUSE ? new PortTaken(error) : error;
      }
    }
    if (bound.length > 0) return bound;
    const places = infos.map(({ address }) => placeOf(address)).join(', ');
    throw noAddressError(`could not bind on any address out of [${places}]`, infos[0]?.address);
  } catch (error) {
    for (const { slot, generation } of bound) native.closeSource(slot, generation);
    throw error;
  }
}

function portOf(native: NativeLoop, { slot, generation }: Opened): number {
  const { local } = addressesOf(native, slot, generation);
  return typeof local === 'string' ? 0 : local[1];
}

function withPort([host, , ...rest]: InternetAddress, port: number): InternetAddress {
  return [host, port, ...rest] as InternetAddress;
}
