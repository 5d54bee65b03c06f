// What the kernel knows of a TCP connection between two ports of this machine, from /proc/net/tcp. Elsewhere than on
// Linux there is no such file: then the stranger's word, that its kernel took the bytes, has to do.

import { existsSync, readFileSync } from 'node:fs';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync);
const GIVE_UP_MS = 10_000;

/** States before the peer's end has come: established, syn sent, syn received, fin wait 1 and 2, listening. */
const OPEN_STATES = [1, 2, 3, 4, 5, 10];

/** One row of the table. */
interface Row {
  readonly state: number;
  /** Bytes that nobody has read yet; for a listener: connections that nobody has accepted yet. */
  readonly unread: number;
}

function findRow(localPort: number, remotePort: number): Row | undefined {
  for (const table of TABLES) {
    for (const line of readFileSync(table, 'latin1').split('\n').slice(1)) {
      const [, local, remote, state, queues] = line.trim().split(/\s+/);
      if (queues === undefined || portIn(local!) !== localPort || portIn(remote!) !== remotePort) continue;
      return { state: Number.parseInt(state!, 16), unread: Number.parseInt(queues.split(':')[1]!, 16) };
    }
  }
  return undefined;
}

function portIn(address: string): number {
  return Number.parseInt(address.split(':')[1]!, 16);
}

/** Bytes that wait to be read by the socket `localPort` ← `remotePort`; undefined where nobody can tell. */
export function unreadBytes(localPort: number, remotePort: number): number | undefined {
  return findRow(localPort, remotePort)?.unread;
}

/** Connections of the listener on `port` that wait to be accepted. */
export function unacceptedConnections(port: number): number | undefined {
  return findRow(port, 0)?.unread;
}

/** Returns when at least `bytes` wait to be read. */
export function waitForUnread(localPort: number, remotePort: number, bytes: number): void {
  spin(`${bytes} unread bytes`, localPort, remotePort, ({ unread }) => unread >= bytes);
}

/** Returns when the peer's end has arrived. */
export function waitForFin(localPort: number, remotePort: number): void {
  spin("the peer's end", localPort, remotePort, ({ state }) => !OPEN_STATES.includes(state));
}

function spin(what: string, localPort: number, remotePort: number, holds: (row: Row) => boolean): void {
  if (TABLES.length === 0) return;
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const row = findRow(localPort, remotePort);
    if (row === undefined || holds(row)) return;
    if (performance.now() > deadline) throw new Error(`${what} did not arrive within ${GIVE_UP_MS} ms`);
  }
}
