// Addresses as the blocks of words that datagrams carry in shared memory: to users' form and back. What was met before
// is remembered, because the same few hosts are written and read again and again.

import { type Address, addressOf, type InternetAddress, nativeAddress, notLiteral } from '../address.js';
import { given, rangeError } from '../errors.js';
import { AF_INET, AF_INET6, AF_UNIX } from '../socket-constants.js';
import { decodeAddress, encodeAddress } from './addon.js';
import * as layout from './layout.js';

/** Hosts and paths that are remembered of destinations; when there are more, all are forgotten. */
const REMEMBERED = 1024;
/** Hosts that are remembered of senders, each in the one place that its number gives it. A power of two. */
const PLACES = 256;
const WORD_BYTES = 4;
const IPV4_WORDS = 2;
const IPV6_WORDS = 7;
const IPV6_HOST_WORDS = 4;
const HIGH_HALF = 16;
const LOW_HALF = 0xffff;
const MAX_PORT = 0xffff;

/** Where a datagram goes, as a block. It is filled and copied before anything else can run, so one is enough. */
export class Destination {
  readonly words = new Uint32Array(layout.ADDRESS_BYTES / WORD_BYTES);
  /** Words that the address has. */
  length = 0;
  readonly #ipv4 = new Map<string, number>();
  /** By paths and IPv6 hosts, whole blocks; port, flowinfo and scope are those of the first address. */
  readonly #others = new Map<string, Uint32Array>();

  /** The block as bytes. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, this.length * WORD_BYTES);
  }

  /**
   * Takes an address for a socket of `family`.
   * @throws TypeError and RangeError for what is no address of the family, a host's name above all.
   */
  set(address: unknown, family: number): void {
    if (!this.#setKnown(address, family)) this.#encode(address, family);
  }

  /** The fast way: an address whose host, or path, was met before. False where it was not, or anything is odd. */
  #setKnown(address: unknown, family: number): boolean {
    if (family === AF_UNIX) return this.#setBlock(address, layout.ADDRESS_UNIX);
    if (!Array.isArray(address)) return false;
    const [host, port, flowinfo, scopeId] = address as unknown[];
    if (!isWord(port) || port > MAX_PORT) return false;
    if (family === AF_INET && address.length === 2) {
      const octets = this.#ipv4.get(host as string);
      if (octets === undefined) return false;
      this.words[0] = layout.ADDRESS_IPV4 | (port << HIGH_HALF);
      this.words[1] = octets;
      this.length = IPV4_WORDS;
      return true;
    }
    if (family !== AF_INET6 || address.length !== 4 || !isWord(flowinfo) || !isWord(scopeId)) return false;
    if (!this.#setBlock(host, layout.ADDRESS_IPV6)) return false;
    this.words[0] = layout.ADDRESS_IPV6 | (port << HIGH_HALF);
    this.words[IPV6_WORDS - 2] = flowinfo;
    this.words[IPV6_WORDS - 1] = scopeId;
    return true;
  }

  #setBlock(name: unknown, kind: number): boolean {
    const block = this.#others.get(name as string);
    if (block === undefined || (block[0]! & LOW_HALF) !== kind) return false;
    this.#copy(block);
    return true;
  }

  #copy(block: Uint32Array): void {
    for (let index = 0; index < block.length; index++) this.words[index] = block[index]!;
    this.length = block.length;
  }

  #encode(address: unknown, family: number): void {
    const native = nativeAddress(address, family);
    if (native.path?.length === 0) throw rangeError('a Unix socket without a name cannot be sent to');
    const bytes = encodeAddress(native);
    if (typeof bytes === 'number') throw notLiteral('sendto', native.host);
    const block = new Uint32Array(Uint8Array.from(bytes).buffer);
    const kind = block[0]! & LOW_HALF;
    if (kind !== kindOf(family)) throw otherFamily(native.host, family);
    this.#copy(block);
    this.#remember(family === AF_UNIX ? (address as string) : (address as [string])[0], block, kind);
  }

  #remember(name: string, block: Uint32Array, kind: number): void {
    if (this.#ipv4.size + this.#others.size >= REMEMBERED) {
      this.#ipv4.clear();
      this.#others.clear();
    }
    if (kind === layout.ADDRESS_IPV4) this.#ipv4.set(name, block[1]!);
    else this.#others.set(name, block);
  }
}

const ipv4Octets = new Uint32Array(PLACES);
const ipv4Hosts = new Array<string>(PLACES).fill('0.0.0.0');
const ipv6Octets = new Uint32Array(PLACES * IPV6_HOST_WORDS);
const ipv6Hosts = new Array<string>(PLACES).fill('::');

/** The address whose block is at byte `offset` of `words`: a new one each time, for whoever gets it may change it. */
export function readAddress(words: Uint32Array, offset: number): Address {
  const at = offset / WORD_BYTES;
  const head = words[at]!;
  switch (head & LOW_HALF) {
    case layout.ADDRESS_IPV4:
      return [ipv4Host(words, at + 1), head >>> HIGH_HALF];
    case layout.ADDRESS_IPV6:
      return [
        ipv6Host(words, at),
        head >>> HIGH_HALF,
        words[at + IPV6_WORDS - 2]!,
        words[at + IPV6_WORDS - 1]!,
      ];
    case layout.ADDRESS_UNIX:
      return Buffer.from(words.buffer, offset + WORD_BYTES, head >>> HIGH_HALF).toString();
    default:
      return '';
  }
}

function ipv4Host(words: Uint32Array, at: number): string {
  const octets = words[at]!;
  const place = placeOf(octets);
  if (ipv4Octets[place] === octets) return ipv4Hosts[place]!;
  const bytes = new Uint8Array(words.buffer, at * WORD_BYTES, WORD_BYTES);
  const host = bytes.join('.');
  ipv4Octets[place] = octets;
  ipv4Hosts[place] = host;
  return host;
}

function ipv6Host(words: Uint32Array, at: number): string {
  const [a, b, c, d] = [words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!];
  const place = placeOf(a ^ b ^ c ^ d);
  const first = place * IPV6_HOST_WORDS;
  if (
    ipv6Octets[first] === a &&
    ipv6Octets[first + 1] === b &&
    ipv6Octets[first + 2] === c &&
    ipv6Octets[first + 3] === d
  ) {
    return ipv6Hosts[place]!;
  }
  const block = new Uint8Array(words.buffer, at * WORD_BYTES, IPV6_WORDS * WORD_BYTES);
  const [host] = addressOf(decodeAddress(block)!) as InternetAddress;
  ipv6Octets.set([a, b, c, d], first);
  ipv6Hosts[place] = host;
  return host;
}

/** The place of a host: its last octets differ most, wherever the machine puts them. */
function placeOf(octets: number): number {
  return (octets ^ (octets >>> 8) ^ (octets >>> 16) ^ (octets >>> 24)) & (PLACES - 1);
}

function isWord(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}

function kindOf(family: number): number {
  if (family === AF_UNIX) return layout.ADDRESS_UNIX;
  return family === AF_INET6 ? layout.ADDRESS_IPV6 : layout.ADDRESS_IPV4;
}

function otherFamily(host: string | undefined, family: number): RangeError {
  const [wanted, hint] = family === AF_INET6 ? ['IPv6', '; an IPv4 one is written ::ffff:…'] : ['IPv4', ''];
  return rangeError(`the endpoint sends to ${wanted} addresses, and ${given(host)} is none${hint}`);
}
