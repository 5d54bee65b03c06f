/** The echo servers that are compared. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './cargo.js';
import { COMPILED, ROOT, SOURCES } from './paths.js';
import { findPython } from './python.js';
import { buildGo, findRuntime, type Tool } from './tools.js';

export interface Peer {
  name: string;
  /** For the report. */
  version: string;
  command: readonly string[];
  /** Reads into a buffer of its own; compared at large messages only. */
  buffered: boolean;
}

/** A peer that is not there. */
export interface Missing {
  name: string;
  reason: string;
}

export interface Peers {
  present: Peer[];
  missing: Missing[];
}

/** What to look for. */
export interface Search {
  /** Also what is not part of the project: Python, Go, Bun, Deno. */
  foreign: boolean;
  /** Brings what is missing from the network into `benches/results`. */
  install: boolean;
}

export async function findPeers(programs: Programs, { foreign, install }: Search): Promise<Peers> {
  const peers: Peers = { present: [], missing: [] };
  addMioloop(peers);
  addNode(peers, 'net');
  addNode(peers, 'net-cheap');
  add(peers, 'mio', 'mio 1.2', [programs.mioEcho]);
  if (!foreign) return peers;
  await addPython(peers, install);
  addGo(peers, await buildGo());
  addRuntime(peers, 'bun', await findRuntime('bun', install), ['run']);
  const denoArgs = ['run', '--quiet', '--no-config', '--allow-net'];
  addRuntime(peers, 'deno', await findRuntime('deno', install), denoArgs);
  return peers;
}

function add(peers: Peers, name: string, version: string, command: string[], buffered = false): void {
  peers.present.push({ name, version, command, buffered });
}

function addNode(peers: Peers, name: string): void {
  add(peers, name, `node ${process.versions.node}`, [process.execPath, serverFile(name)]);
}

function addMioloop(peers: Peers): void {
  const isBuilt = existsSync(join(ROOT, 'dist', 'index.js'));
  for (const mode of ['hosted', 'blocking']) {
    for (const protocol of ['owned', 'buffered']) {
      const buffered = protocol === 'buffered';
      const name = `mioloop-${mode}${buffered ? '-buffered' : ''}`;
      const command = [process.execPath, serverFile('mioloop'), mode, protocol];
      if (isBuilt) add(peers, name, `node ${process.versions.node}`, command, buffered);
      else peers.missing.push({ name, reason: 'dist/index.js is not built' });
    }
  }
}

async function addPython(peers: Peers, install: boolean): Promise<void> {
  const python = await findPython(install);
  for (const kind of ['asyncio', 'uvloop']) {
    for (const protocol of ['owned', 'buffered']) {
      const buffered = protocol === 'buffered';
      const name = `${kind}${buffered ? '-buffered' : ''}`;
      if (python === null) {
        peers.missing.push({ name, reason: 'no Python of 3.11 or later' });
      } else if (kind === 'uvloop' && python.uvloop === null) {
        peers.missing.push({ name, reason: 'uvloop is not installed' });
      } else {
        const version = `CPython ${python.version}${kind === 'uvloop' ? `, uvloop ${python.uvloop}` : ''}`;
        const script = join(SOURCES, 'servers', 'asyncio_echo.py');
        add(peers, name, version, [python.program, script, kind, protocol], buffered);
      }
    }
  }
}

function addGo(peers: Peers, go: Tool | string): void {
  if (typeof go === 'string') peers.missing.push({ name: 'go', reason: go });
  else add(peers, 'go', go.version, [go.program]);
}

function addRuntime(peers: Peers, name: string, tool: Tool | null, args: string[]): void {
  if (tool === null) peers.missing.push({ name, reason: 'neither installed nor on PATH' });
  else add(peers, name, tool.version, [tool.program, ...args, join(SOURCES, 'servers', `${name}.mjs`)]);
}

function serverFile(name: string): string {
  return join(COMPILED, 'servers', `${name}.js`);
}
