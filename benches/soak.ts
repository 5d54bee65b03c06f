/** `npm run bench -- --soak`: what must hold for long or for many. Takes minutes; no part of the other runs. */
import type { Bench } from './lib/bench.js';
import { dataFile } from './lib/data-file.js';
import type { Limit } from './lib/figure.js';
import { type Load, runLoad } from './lib/loadgen.js';
import { deviation, type MemoryRange, watchMemory } from './lib/memory-watch.js';
import type { Peer, Service } from './lib/peer.js';
import { type Server, withServer } from './lib/server.js';
import { runSoakProgram, SOAK_PROGRAMS } from './lib/soak-programs.js';
import { judgeFigure, type Outcome } from './lib/targets.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Percent of the resident memory after the warm-up. */
const FLAT: Limit = { atMost: 5 };
/** The most that any of the loads may take, and all the time that a busy machine needs. */
const SECONDS = 900;
/** V8's young generation grows and shrinks in steps of its own, whatever the program does; this one keeps its size. */
const FIXED_HEAP = ['--min-semi-space-size=4', '--max-semi-space-size=4'];
/** Where there is so little garbage that V8 waits for minutes, it is collected again and again. */
const COLLECTING = '--expose-gc';

/** Peers that programs of soaks stand for. */
const MODES: Record<string, string> = { 'mioloop-hosted': 'hosted', 'mioloop-blocking': 'blocking' };

/** Connections one after another, from enough addresses that no port is needed twice. */
const CHURN: Load = { mode: 'churn', connections: 32, size: 64, sources: 64, seconds: SECONDS };
const CHURN_WARMUP = 100_000;
const CHURN_CONNECTIONS = 1_000_000;

/** A reader that pauses: for longer than the system's buffers need to fill. */
const SLOW_READER: Load = { mode: 'sink', burst: 16 * MIB, pause: 0.02, seconds: SECONDS };
const SLOW_WARMUP = GIB;
const SLOW_BYTES = 10 * GIB;
/** What a stream's servers read of the file: they repeat its begin. */
const TABLE_BYTES = 2 * MIB;
/** asyncio's high-water mark and one piece: more must not wait. */
const MOST_WAITING = 128 * 1024;
const PAUSES_LIMIT_MS = 10_000;

/** All open at once, and a message on each; within the 20,000 descriptors that a process often has. */
const CROWD = 19_000;
const CROWD_LOAD: Load = { connections: CROWD, requests: CROWD, size: 1024, sources: 8, seconds: SECONDS };

/** What it comes to goes into the list of targets; nothing for a peer that it is not for. */
type Soak = (bench: Bench, peer: Peer, label: string) => Promise<Outcome[]>;

/** A soak of one server. */
interface ServerSoak {
  service: Service;
  /** Whether garbage is collected by force. */
  collects: boolean;
  run(bench: Bench, server: Server, name: string): Promise<Outcome[]>;
  args?(bench: Bench): Promise<string[]>;
}

const SOAKS: Record<string, Soak> = {
  churn: ofServer({ service: 'echo', collects: false, run: churn }),
  'stream-churn': ofServer({ service: 'streams', collects: false, run: churn }),
  'slow-reader': ofServer({
    service: 'bulk',
    collects: true,
    run: slowReader,
    args: async ({ programs }) => [await dataFile(programs, TABLE_BYTES), 'watch'],
  }),
  'slow-echo': ofServer({ service: 'streams', collects: true, run: slowEcho }),
  crowd: ofServer({ service: 'echo', collects: false, run: crowd }),
  ...Object.fromEntries(Object.keys(SOAK_PROGRAMS).map((name) => [name, ofProgram(name)])),
};

/** What each soak of each wanted server on mioloop came to. */
export async function soak(bench: Bench): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const names = chooseSoaks(bench.options.scenarios);
  for (const peer of bench.contestants.filter(({ name }) => name.startsWith('mioloop'))) {
    for (const name of names) outcomes.push(...(await soakOrReport(bench, name, peer)));
  }
  return outcomes;
}

function chooseSoaks(wanted: readonly string[]): string[] {
  const names = Object.keys(SOAKS);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`no soak ${unknown}; there are ${names.join(', ')}`);
  return names.filter((name) => wanted.length === 0 || wanted.includes(name));
}

async function soakOrReport(bench: Bench, name: string, peer: Peer): Promise<Outcome[]> {
  process.stderr.write(`soak ${name} ${peer.name}\n`);
  try {
    return await SOAKS[name]!(bench, peer, `${name}, ${peer.name}`);
  } catch (error) {
    console.log(`soak ${name} ${peer.name} failed: ${(error as Error).message}`);
    return [{ target: `${name}, ${peer.name}`, value: '–', limit: '', verdict: 'not measured' }];
  }
}

function ofServer({ service, collects, run, args }: ServerSoak): Soak {
  return async (bench, { services }, label) => {
    const command = services[service];
    if (command === undefined) return [];
    const [node, ...rest] = [...command, ...((await args?.(bench)) ?? [])];
    if (collects) rest.push('gc');
    const prepared = [node!, ...FIXED_HEAP, ...(collects ? [COLLECTING] : []), ...rest];
    return withServer(bench.cores.server, prepared, (server) => run(bench, server, label));
  };
}

function ofProgram(name: string): Soak {
  return async (bench, peer, label) => {
    const mode = MODES[peer.name];
    if (mode === undefined) return [];
    const { count, flat } = SOAK_PROGRAMS[name]!;
    const args = [mode, 'gc', String(count)];
    const { figures, range } = await runSoakProgram(bench, name, args, [...FIXED_HEAP, COLLECTING]);
    const judged = figures.map(({ target, value, unit, limit }) =>
      judgeFigure(`${label}: ${target}`, value, unit, limit),
    );
    return [...(flat ? [flatness(label, range)] : []), ...judged];
  };
}

/** A million connections, opened, used and closed. */
async function churn(bench: Bench, server: Server, name: string): Promise<Outcome[]> {
  await load(bench, server, { ...CHURN, requests: CHURN_WARMUP });
  const measured = { ...CHURN, requests: CHURN_CONNECTIONS };
  const [report, range] = await watchMemory(server.child.pid, () => load(bench, server, measured));
  return [
    flatness(name, range),
    judgeFigure(`${name}: one after another`, report.requests, 'connections', { atLeast: CHURN_CONNECTIONS }),
    judgeFigure(`${name}: rate`, report.requestsPerSecond, 'a second', null),
  ];
}

/** A long stream to a reader that pauses: the writer must wait, too. */
async function slowReader(bench: Bench, server: Server, name: string): Promise<Outcome[]> {
  const outcomes = await slowStream(bench, server, name, SLOW_READER);
  const { child } = server;
  // A line for each of four streams: both runs begin with one of no bytes.
  const lines: string[] = [];
  while (lines.length < 4) lines.push(await child.line('PAUSES ', PAUSES_LIMIT_MS));
  const [pauses, most] = lines.at(-1)!.split(' ').map(Number) as [number, number];
  return [
    ...outcomes,
    judgeFigure(`${name}: pauseWriting`, pauses, 'calls', { atLeast: 1 }),
    judgeFigure(`${name}: most that waited in the transport`, most, 'bytes', { atMost: MOST_WAITING }),
  ];
}

/** The same through a server that reads what it writes: back-pressure goes through both directions. */
function slowEcho(bench: Bench, server: Server, name: string): Promise<Outcome[]> {
  return slowStream(bench, server, name, { ...SLOW_READER, feed: true });
}

async function slowStream(bench: Bench, server: Server, name: string, slow: Load): Promise<Outcome[]> {
  await load(bench, server, { ...slow, bytes: SLOW_WARMUP });
  const measured = { ...slow, bytes: SLOW_BYTES };
  const [report, range] = await watchMemory(server.child.pid, () => load(bench, server, measured));
  return [
    flatness(name, range),
    judgeFigure(`${name}: bytes that were right`, report.bytes / GIB, 'GiB', { atLeast: SLOW_BYTES / GIB }),
    judgeFigure(`${name}: rate`, report.bytes / MIB / report.seconds, 'MiB/s', null),
  ];
}

/** Many connections, all open at once; each is served. */
async function crowd(bench: Bench, server: Server, name: string): Promise<Outcome[]> {
  const report = await load(bench, server, CROWD_LOAD);
  return [
    judgeFigure(`${name}: open at once, and served`, report.requests, 'connections', { atLeast: CROWD }),
    judgeFigure(`${name}: longest answer`, report.maxUs / 1_000, 'ms', null),
  ];
}

function load({ cores, programs }: Bench, { port, child }: Server, options: Load) {
  return runLoad(programs.loadgen, cores.client, { port, pid: child.pid }, options);
}

function flatness(name: string, range: MemoryRange | null): Outcome {
  const value = range === null ? null : deviation(range);
  const from = range === null ? '' : ` of ${(range.first / MIB).toFixed(1)} MiB`;
  return judgeFigure(`${name}: furthest from its memory${from}`, value, '%', FLAT);
}
