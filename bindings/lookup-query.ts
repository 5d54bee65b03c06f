// What the resolver is asked, checked: a host, a port or a service, and hints.
import { domainToASCII } from 'node:url';
import { MAX_PORT, MAX_UINT32 } from './address.js';
import { given, rangeError, typeError } from './errors.js';
import { checkOptions, checkWhole } from './options.js';

/** A host as `getaddrinfo` takes it: an address or a name, as text or bytes; null is this machine. */
export type Host = string | Uint8Array | null;

/** A port as `getaddrinfo` takes it: its number, also as text or bytes, or a service's name; null is none. */
export type Port = number | string | Uint8Array | null;

/** Which addresses `getaddrinfo` is to find: constants of the namespace `socket`. */
export interface AddrInfoOptions {
  /** `AF_INET` or `AF_INET6`; 0 (the default) is both. */
  family?: number | undefined;
  /** `SOCK_STREAM`, `SOCK_DGRAM`, …; 0 (the default) is all. */
  type?: number | undefined;
  /** `IPPROTO_TCP`, …; 0 (the default) is all. */
  proto?: number | undefined;
  /** `AI_PASSIVE`, …, added up. */
  flags?: number | undefined;
}

/** A question for addresses. @internal */
export interface AddressQuery {
  /** In the letters of the domain name system. */
  readonly host: string | null;
  /** A port, a service's name or an empty text, null. */
  readonly service: number | string | null;
  readonly family: number;
  readonly type: number;
  readonly proto: number;
  readonly flags: number;
}

const OPTIONS = ['family', 'type', 'proto', 'flags'];
/** What the domain name system has other letters for. */
const NOT_ASCII = /\P{ASCII}/u;
/** What ends a host in a URL, or is left out of one: no part of a name. */
const NOT_OF_NAMES = /[\s/\\?#]/;
const NUMBER = /^\d+$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The question for the addresses of `host` and `port`.
 * @throws TypeError and RangeError for what can't be asked; NotImplementedError for an unknown option.
 * @internal
 */
export function addressQuery(
  host: unknown,
  port: unknown,
  options: AddrInfoOptions,
  method: string,
): AddressQuery {
  checkOptions(options, OPTIONS, method);
  const { family = 0, type = 0, proto = 0, flags = 0 } = options;
  return {
    host: checkName(host),
    service: checkService(port),
    family: checkNumber(family, 'family'),
    type: checkNumber(type, 'type'),
    proto: checkNumber(proto, 'proto'),
    flags: checkNumber(flags, 'flags'),
  };
}

/** A number that a system call takes as an `int`. @internal */
export function checkNumber(value: unknown, name: string): number {
  if (typeof value !== 'number') throw typeError(`${name} must be a constant of socket, got ${given(value)}`);
  if ((value | 0) !== value) throw rangeError(`${name} must be a whole number of 32 bits, got ${value}`);
  return value;
}

/** The port in an address. @internal */
export function checkPortNumber(port: unknown): number {
  if (typeof port !== 'number') {
    throw typeError(`port must be a number from 0 to ${MAX_PORT}, got ${given(port)}`);
  }
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT) {
    throw rangeError(`port must be a whole number from 0 to ${MAX_PORT}, got ${port}`, 'ERR_SOCKET_BAD_PORT');
  }
  return port;
}

/** The flowinfo of an address. @internal */
export function checkFlowinfo(flowinfo: unknown): number {
  return checkWhole('flowinfo', flowinfo, 0, MAX_UINT32);
}

/** The scope of an address. @internal */
export function checkScopeId(scopeId: unknown): number {
  return checkWhole('scopeId', scopeId, 0, MAX_UINT32);
}

function checkName(host: unknown): string | null {
  if (host === undefined || host === null) return null;
  if (typeof host === 'string') return NOT_ASCII.test(host) ? toAscii(host) : withoutZero(host, 'host');
  if (host instanceof Uint8Array) return withoutZero(textOf(host, 'host'), 'host');
  throw typeError(`host must be an address or a name (a string, Uint8Array or null), got ${given(host)}`);
}

function checkService(port: unknown): number | string | null {
  if (port === undefined || port === null) return null;
  const text = port instanceof Uint8Array ? textOf(port, 'port') : port;
  if (typeof text === 'number') return checkPortNumber(text);
  if (typeof text !== 'string') {
    throw typeError(
      `port must be a number from 0 to ${MAX_PORT}, a service's name (a string or Uint8Array) or null, ` +
        `got ${given(port)}`,
    );
  }
  return NUMBER.test(text) ? checkPortNumber(Number(text)) : withoutZero(text, 'port');
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw rangeError(`${name} must be text in UTF-8, got bytes that are none`);
  }
}

function withoutZero(text: string, name: string): string {
  if (text.includes('\0')) throw rangeError(`${name} must not contain a zero byte, got ${given(text)}`);
  return text;
}

/** A name with letters of the world, as the domain name system has it. */
function toAscii(host: string): string {
  const ascii = NOT_OF_NAMES.test(host) ? '' : domainToASCII(host);
  if (ascii === '') throw rangeError(`host must be a name that is valid in domains, got ${given(host)}`);
  return ascii;
}
