/** The programs that are compared. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { Programs } from './cargo.js';
import { COMPILED, ROOT, SOURCES } from './paths.js';
import { findPython } from './python.js';
import { buildC, buildGo, findRuntime, type Tool } from './tools.js';

/**
 * What a program does: an echo (over a protocol's callbacks, into a buffer of its own, on streams, on raw sockets, over
 * UDP), a file or a stream of the length that is asked for, or a client that opens connections; or a program that
 * measures itself, at children, streams through a child, signals, or jobs of an executor.
 */
export type Service =
  | 'echo'
  | 'buffered'
  | 'streams'
  | 'sockets'
  | 'datagrams'
  | 'file'
  | 'bulk'
  | 'client'
  | ProgramService;
export type ProgramService = 'spawn' | 'pipes' | 'signals' | 'jobs';
export type Services = Partial<Record<Service, readonly string[]>>;

export interface Peer {
  name: string;
  /** For the report. */
  version: string;
  /** The commands that start its programs. */
  services: Services;
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
  /** Also what is not part of the project: Python, C, Go, Bun, Deno. */
  foreign: boolean;
  /** Brings what is missing from the network into `benches/results`. */
  install: boolean;
}

export async function findPeers(programs: Programs, { foreign, install }: Search): Promise<Peers> {
  const peers: Peers = { present: [], missing: [] };
  addMioloop(peers);
  addNode(peers);
  add(peers, 'mio', 'mio 1.2', { echo: [programs.mioEcho], datagrams: [programs.mioEcho, 'datagrams'] });
  if (!foreign) return peers;
  await addPython(peers, install);
  await addC(peers);
  addBuilt(peers, 'go', 'echo', await buildGo());
  addRuntime(peers, 'bun', await findRuntime('bun', install), ['run']);
  const denoArgs = ['run', '--quiet', '--no-config', '--allow-net'];
  addRuntime(peers, 'deno', await findRuntime('deno', install), denoArgs);
  return peers;
}

function add(peers: Peers, name: string, version: string, services: Services): void {
  peers.present.push({ name, version, services });
}

function addMioloop(peers: Peers): void {
  const isBuilt = existsSync(join(ROOT, 'dist', 'index.js'));
  for (const mode of ['hosted', 'blocking']) {
    const services: Record<string, Services> = {
      [`mioloop-${mode}`]: {
        echo: compiled('servers/mioloop', mode, 'owned'),
        streams: compiled('servers/mioloop-streams', mode),
        sockets: compiled('servers/mioloop-sockets', mode),
        datagrams: compiled('servers/mioloop-datagrams', mode),
        file: compiled('servers/mioloop-sendfile', mode),
        bulk: compiled('servers/mioloop-bulk', mode),
        client: compiled('clients/mioloop', mode),
        spawn: compiled('system/mioloop-spawn', mode, 'protocol'),
        pipes: compiled('system/mioloop-pipes', mode, 'protocol'),
        signals: compiled('system/mioloop-signals', mode),
        jobs: compiled('system/mioloop-jobs', mode),
      },
      [`mioloop-${mode}-buffered`]: {
        buffered: compiled('servers/mioloop', mode, 'buffered'),
        pipes: compiled('system/mioloop-pipes', mode, 'buffered'),
      },
      [`mioloop-${mode}-process`]: {
        spawn: compiled('system/mioloop-spawn', mode, 'process'),
        pipes: compiled('system/mioloop-pipes', mode, 'process'),
      },
    };
    for (const [name, programs] of Object.entries(services)) {
      if (isBuilt) add(peers, name, nodeVersion, programs);
      else peers.missing.push({ name, reason: 'dist/index.js is not built' });
    }
  }
}

const nodeVersion = `node ${process.versions.node}`;

function addNode(peers: Peers): void {
  add(peers, 'net', nodeVersion, {
    echo: compiled('servers/net'),
    bulk: compiled('servers/net-bulk'),
    client: compiled('clients/net'),
  });
  add(peers, 'net-cheap', nodeVersion, { echo: compiled('servers/net-cheap') });
  add(peers, 'for-await', nodeVersion, { streams: compiled('servers/for-await') });
  add(peers, 'dgram', nodeVersion, { datagrams: compiled('servers/dgram') });
  add(peers, 'pipe', nodeVersion, { file: compiled('servers/pipe') });
  add(peers, 'child_process', nodeVersion, {
    spawn: compiled('system/child-process-spawn'),
    pipes: compiled('system/child-process-pipes'),
  });
  add(peers, 'process.on', nodeVersion, { signals: compiled('system/process-signals') });
  add(peers, 'piscina', `piscina ${Piscina.version}`, { jobs: compiled('system/piscina-jobs') });
}

async function addPython(peers: Peers, install: boolean): Promise<void> {
  const python = await findPython(install);
  const script = join(SOURCES, 'servers', 'asyncio_echo.py');
  const programs = join(SOURCES, 'system');
  for (const kind of ['asyncio', 'uvloop']) {
    const names = [kind, `${kind}-buffered`, `${kind}-process`];
    if (python === null || (kind === 'uvloop' && python.uvloop === null)) {
      const reason = python === null ? 'no Python of 3.11 or later' : 'uvloop is not installed';
      peers.missing.push(...names.map((name) => ({ name, reason })));
      continue;
    }
    const version = `CPython ${python.version}${kind === 'uvloop' ? `, uvloop ${python.uvloop}` : ''}`;
    const command = (service: Service) => [python.program, script, kind, service];
    const program = (service: ProgramService, ...args: string[]) => {
      return [python.program, '-B', join(programs, `asyncio_${service}.py`), kind, ...args];
    };
    add(peers, names[0]!, version, {
      echo: command('echo'),
      streams: command('streams'),
      sockets: command('sockets'),
      datagrams: command('datagrams'),
      spawn: program('spawn', 'protocol'),
      pipes: program('pipes', 'protocol'),
      signals: program('signals'),
      jobs: program('jobs'),
    });
    add(peers, names[1]!, version, { buffered: command('buffered') });
    add(peers, names[2]!, version, {
      spawn: program('spawn', 'process'),
      pipes: program('pipes', 'process'),
    });
  }
}

async function addC(peers: Peers): Promise<void> {
  const sources = { file: 'servers/sendfile.c', spawn: 'system/spawn.c', pipes: 'system/pipes.c' };
  const services: Record<string, string[]> = {};
  let version = '';
  for (const [service, source] of Object.entries(sources)) {
    const tool = await buildC(source);
    if (typeof tool === 'string') {
      peers.missing.push({ name: 'c', reason: tool });
      return;
    }
    services[service] = [tool.program];
    version = tool.version;
  }
  add(peers, 'c', version, services);
}

function addBuilt(peers: Peers, name: string, service: Service, tool: Tool | string): void {
  if (typeof tool === 'string') peers.missing.push({ name, reason: tool });
  else add(peers, name, tool.version, { [service]: [tool.program] });
}

function addRuntime(peers: Peers, name: string, tool: Tool | null, args: string[]): void {
  if (tool === null) peers.missing.push({ name, reason: 'neither installed nor on PATH' });
  else
    add(peers, name, tool.version, {
      echo: [tool.program, ...args, join(SOURCES, 'servers', `${name}.mjs`)],
    });
}

function compiled(name: string, ...args: string[]): string[] {
  return [process.execPath, join(COMPILED, `${name}.js`), ...args];
}
