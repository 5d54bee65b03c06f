/** Correct bytes from every peer, all children, signals and jobs, without a figure: quick enough for each CI run. */
import type { Bench } from './bench.js';
import { dataFile } from './data-file.js';
import { type Load, runLoad } from './loadgen.js';
import { runClient } from './loads.js';
import { isWanted } from './options.js';
import type { Missing, ProgramService, Service } from './peer.js';
import { runForeignSignals, runJobs, runOwnSignals, runPipes, runSpawns } from './programs.js';
import { withServer } from './server.js';
import { runSoakProgram, SOAK_PROGRAMS } from './soak-programs.js';
import { judgeFigure } from './targets.js';

/** The most time that one load may take. */
const SECONDS = 20;

/** Small and large messages, more messages than one on the way, and a size that no buffer is a multiple of. */
const ECHOES: readonly Bounded[] = [
  { connections: 1, size: 1, requests: 50, depth: 1 },
  { connections: 10, size: 1024, requests: 500, depth: 1 },
  { connections: 5, size: 1000, requests: 500, depth: 8 },
  { connections: 10, size: 100 * 1024, requests: 100, depth: 1 },
  { connections: 3, size: 333_333, requests: 30, depth: 3 },
];
const CHURN: Bounded = { mode: 'churn', sources: 4, connections: 20, size: 64, requests: 500 };
const DATAGRAMS: readonly Bounded[] = [
  { mode: 'datagrams', connections: 1, size: 4, requests: 50, depth: 1 },
  { mode: 'datagrams', connections: 10, size: 1024, requests: 500, depth: 4 },
  { mode: 'datagrams', connections: 3, size: 60_000, requests: 60, depth: 1 },
];
/** More than a period of the stream, and no multiple of a piece; each comes after a stream of no bytes. */
const STREAMS: readonly Bounded[] = [1, 65_536, 5_000_011].map((bytes) => ({
  mode: 'sink',
  bytes,
  requests: 1,
}));
const FILE_BYTES = 8 * 1024 * 1024;
const CLIENT = { warmup: 100, connections: 400, atOnce: 10 };
const CHILDREN = { warmup: 1, count: 5 };
/** Both are compared byte by byte. */
const BYTES = { warmup: 1, count: 5_000_011 };
const SIGNALS = { warmup: 1, count: 20 };
const JOBS = { warmup: 1, count: 50 };

type Bounded = Omit<Load, 'seconds'> & { requests: number };

type ServerService = Exclude<Service, 'client' | ProgramService>;

/** What each server must get through. */
const LOADS: Record<ServerService, readonly Bounded[]> = {
  echo: [...ECHOES, CHURN],
  buffered: ECHOES,
  streams: ECHOES,
  sockets: ECHOES,
  datagrams: DATAGRAMS,
  file: STREAMS,
  bulk: STREAMS,
};

/** What each program that measures itself must get through. */
const PROGRAMS: Record<ProgramService, (bench: Bench, command: readonly string[]) => Promise<void>> = {
  spawn: async (_, command) => {
    for (const kind of ['plain', 'options'] as const) await runSpawns(command, kind, CHILDREN);
  },
  pipes: async (bench, command) => {
    for (const kind of ['echo', 'read'] as const) await runPipes(bench, command, kind, BYTES);
  },
  signals: async (bench, command) => {
    await runOwnSignals(bench, command, SIGNALS);
    await runForeignSignals(bench, command, SIGNALS);
  },
  jobs: async (_, command) => {
    for (const atOnce of [1, 16]) await runJobs(command, atOnce, JOBS);
  },
};

/** Peers that are part of the project: their absence is a failure, not a skip. */
const OWN = ['mioloop', 'net', 'mio'];

/** True when every peer passed. */
export async function smoke(bench: Bench, missing: readonly Missing[]): Promise<boolean> {
  let passed = 0;
  let failed = 0;
  for (const { name, reason } of missing) {
    if (!OWN.includes(name.split('-')[0]!)) continue;
    failed++;
    console.log(`not ok ${name}: ${reason}`);
  }
  for (const [label, run] of checks(bench)) {
    const problem = await problemOf(run);
    if (problem === null) passed++;
    else failed++;
    console.log(problem === null ? `ok ${label}` : `not ok ${label}: ${problem}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

function checks(bench: Bench): [label: string, run: () => Promise<void>][] {
  const ofPeers = bench.contestants.flatMap(({ name, services }) =>
    (Object.entries(services) as [Service, string[]][]).map(
      ([service, command]) => [`${name} ${service}`, () => check(bench, service, command)] as const,
    ),
  );
  const modes = ['hosted', 'blocking'].filter((mode) => isWanted(bench.options.only, `mioloop-${mode}`));
  const soaks = modes.flatMap((mode) =>
    Object.keys(SOAK_PROGRAMS).map(
      (name) => [`mioloop-${mode} soak ${name}`, () => checkSoak(bench, name, mode)] as const,
    ),
  );
  return [...ofPeers, ...soaks].map(([label, run]) => [label, run]);
}

/** Null, or what went wrong. */
async function problemOf(run: () => Promise<void>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

async function check(bench: Bench, service: Service, command: readonly string[]): Promise<void> {
  if (service === 'client') await runClient(bench, command, CLIENT);
  else if (isProgram(service)) await PROGRAMS[service](bench, command);
  else await checkServer(bench, service, command);
}

/** Fails for the first figure that does not keep its limit. */
async function checkSoak(bench: Bench, name: string, mode: string): Promise<void> {
  const { smoke: count } = SOAK_PROGRAMS[name]!;
  const { figures } = await runSoakProgram(bench, name, [mode, String(count)]);
  const bad = figures
    .map(({ target, value, unit, limit }) => judgeFigure(target, value, unit, limit))
    .find(({ verdict }) => verdict !== 'met' && verdict !== 'for information');
  if (bad !== undefined) throw new Error(`${bad.target}: ${bad.value}, not ${bad.limit}`);
}

function isProgram(service: Service): service is ProgramService {
  return service in PROGRAMS;
}

async function checkServer(
  { cores, programs }: Bench,
  service: ServerService,
  command: readonly string[],
): Promise<void> {
  const isFile = service === 'file' || service === 'bulk';
  const args = isFile ? [await dataFile(programs, FILE_BYTES)] : [];
  await withServer(cores.server, [...command, ...args], async ({ port, child }) => {
    for (const load of LOADS[service]) {
      const server = { port, pid: child.pid };
      const report = await runLoad(programs.loadgen, cores.client, server, { ...load, seconds: SECONDS });
      if (report.requests !== load.requests)
        throw new Error(`${report.requests} replies of ${load.requests}`);
    }
  });
}
