/** How a scenario puts its load on a server, or lets a client run, and what it takes from that. */
import { pinned } from './affinity.js';
import type { Bench } from './bench.js';
import { output } from './command.js';
import { dataFile } from './data-file.js';
import { type Load, type LoadReport, runLoad } from './loadgen.js';
import { type Sample, sampleOf, sampleOfWhole } from './sample.js';
import { withServer } from './server.js';

const MIB = 1024 * 1024;
/** A GiB, after a warm-up that is long enough for Node's compilers. */
const STREAM = { bytes: 1024 * MIB, warmupBytes: 128 * MIB };
/** The most that a stream may take. */
const STREAM_LIMIT_SECONDS = 60;
/** Addresses that connections come from: the ports of one would run out. */
const SOURCES = 16;
/** Of a client: within the ports that one address has for one server. */
const CLIENT = { warmup: 3_000, connections: 12_000, atOnce: 32 };
const CLIENT_LIMIT_MS = 60_000;

type Measure = (bench: Bench, command: readonly string[]) => Promise<Sample>;
type Shape = Pick<Load, 'connections' | 'size' | 'depth'>;

export function echoLoad(shape: Shape): Measure {
  return timed({ mode: 'echo', ...shape });
}

/** What is lost costs the server nothing, and so is told. */
export function datagramLoad(shape: Shape): Measure {
  return timed({ mode: 'datagrams', ...shape }, ({ resent }) => {
    if (resent > 0) process.stderr.write(`${resent} datagrams were lost and sent again\n`);
  });
}

export function churnLoad(shape: Shape): Measure {
  return timed({ mode: 'churn', sources: SOURCES, ...shape });
}

/** A load for as long as the options say. */
function timed(load: Omit<Load, 'seconds'>, look: (report: LoadReport) => void = () => {}): Measure {
  return async (bench, command) => {
    const { window: seconds, warmup } = bench.options;
    const report = await underLoad(bench, command, { ...load, seconds, warmup });
    look(report);
    return sampleOf(report);
  };
}

/** One long stream to a client that does nothing but receive and compare. */
export async function streamLoad(bench: Bench, command: readonly string[]): Promise<Sample> {
  const path = await dataFile(bench.programs, STREAM.bytes);
  const load: Load = { mode: 'sink', seconds: STREAM_LIMIT_SECONDS, ...STREAM };
  const report = await underLoad(bench, [...command, path], load);
  return sampleOfWhole(report.bytes / MIB, report.seconds, report.serverCpuUs);
}

function underLoad(bench: Bench, command: readonly string[], load: Load): Promise<LoadReport> {
  const { cores, programs } = bench;
  return withServer(cores.server, command, ({ port, child }) =>
    runLoad(programs.loadgen, cores.client, { port, pid: child.pid }, load),
  );
}

/** What `clients/` print. */
export interface ClientReport {
  connections: number;
  seconds: number;
  cpuUs: number;
}

/** The client is what is measured, on the core of the servers; the server is the one on mio. */
export async function clientLoad(bench: Bench, command: readonly string[]): Promise<Sample> {
  const { connections, seconds, cpuUs } = await runClient(bench, command, CLIENT);
  return sampleOfWhole(connections, seconds, cpuUs);
}

export function runClient(
  { cores, programs }: Bench,
  command: readonly string[],
  { warmup, connections, atOnce }: typeof CLIENT,
): Promise<ClientReport> {
  return withServer(cores.client, [programs.mioEcho], async ({ port }) => {
    const counts = [port, warmup, connections, atOnce].map(String);
    const [program, args] = pinned(cores.server, [...command, ...counts]);
    return JSON.parse(await output(program, args, { limitMs: CLIENT_LIMIT_MS })) as ClientReport;
  });
}
