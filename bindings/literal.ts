// Which hosts are addresses, and the text that the system gives an address. C: `inet_pton` and `inet_ntop`.

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const COLON = 58;
const LOWER_A = 97;
const LOWER_F = 102;
/** What makes a small letter of a capital. */
const LOWER_CASE = 32;

/** The groups of the IPv6 address that is being read. */
const groups = new Uint16Array(8);

/** Whether `host` is an IPv4 address of four decimal numbers, which is its own text. @internal */
export function isIpv4(host: string): boolean {
  return readIpv4(host, 0) !== null;
}

/** The text of the IPv6 address `host`; null when it is none, or has a zone. @internal */
export function ipv6Text(host: string): string | null {
  return readIpv6(host) ? written() : null;
}

/** The number that the rest of `text` from `start` on is; null when it is no IPv4 address. */
function readIpv4(text: string, start: number): number | null {
  let address = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      // A leading zero would mean octal to some.
      if (digits > 0 && part === 0) return null;
      part = part * 10 + code - ZERO;
      if (part > 255) return null;
      digits += 1;
    } else {
      if (code !== DOT || digits === 0 || dots === 3) return null;
      address = address * 256 + part;
      part = 0;
      digits = 0;
      dots += 1;
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + part : null;
}

/** Reads `text` into `groups`; false when it is no IPv6 address. */
function readIpv6(text: string): boolean {
  let count = 0;
  /** How many groups stand before the `::`. */
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false;
    at = 1;
  }
  while (at < text.length) {
    if (text.charCodeAt(at) === COLON) {
      // The second colon of two.
      if (gap !== -1) return false;
      gap = count;
      at += 1;
      continue;
    }
    if (count === 8) return false;
    let value = 0;
    let end = at;
    for (; end < text.length; end++) {
      const digit = hexDigit(text.charCodeAt(end));
      if (digit === -1) break;
      value = value * 16 + digit;
    }
    const next = text.charCodeAt(end);
    if (next === DOT) {
      const address = readIpv4(text, at);
      if (address === null || count > 6) return false;
      groups[count] = address >>> 16;
      groups[count + 1] = address & 0xffff;
      count += 2;
      break;
    }
    if (end === at || end - at > 4) return false;
    groups[count] = value;
    count += 1;
    if (end === text.length) break;
    // A colon is followed by something.
    if (next !== COLON || end + 1 === text.length) return false;
    at = end + 1;
  }
  if (gap === -1) return count === 8;
  if (count === 8) return false;
  groups.copyWithin(8 - count + gap, gap, count);
  groups.fill(0, gap, 8 - count + gap);
  return true;
}

function hexDigit(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO;
  const letter = code | LOWER_CASE;
  return letter >= LOWER_A && letter <= LOWER_F ? letter - LOWER_A + 10 : -1;
}

/** `groups` as text: the longest run of zeros is `::`, and the end of an address that holds an IPv4 one is in dots. */
function written(): string {
  let gap = -1;
  let longest = 1;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end += 1;
    if (end - start > longest) {
      gap = start;
      longest = end - start;
    }
    if (end > start) start = end;
  }
  const holdsIpv4 = gap === 0 && (longest === 6 || (longest === 5 && groups[5] === 0xffff));
  let text = '';
  for (let at = 0; at < (holdsIpv4 ? 6 : 8); at++) {
    if (at === gap) {
      text += '::';
      at += longest - 1;
    } else {
      if (at > 0 && at !== gap + longest) text += ':';
      text += groups[at]!.toString(16);
    }
  }
  if (!holdsIpv4) return text;
  const [high, low] = [groups[6]!, groups[7]!];
  return `${text}${longest === 5 ? ':' : ''}${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
