/** The programs of `system/`, which measure themselves: what they are told, and what is taken from what they print. */
import type { Report } from '../system/support.js';
import { pinned, pinning } from './affinity.js';
import type { Bench } from './bench.js';
import { Child } from './child.js';
import { output } from './command.js';
import { dataFile } from './data-file.js';
import { sendSignals } from './loadgen.js';
import { type Sample, sampleOfEach, sampleOfWhole } from './sample.js';

const MIB = 1024 * 1024;

/** Units of work, and as many before that only warm up. */
export interface Amount {
  warmup: number;
  count: number;
}

/** The warm-up is long enough for Node's compilers. */
const CHILDREN: Amount = { warmup: 500, count: 1_000 };
const BYTES: Amount = { warmup: 128 * MIB, count: 1024 * MIB };
const OWN_SIGNALS: Amount = { warmup: 2_000, count: 20_000 };
const FOREIGN_SIGNALS: Amount = { warmup: 200, count: 2_000 };
const JOBS: Amount = { warmup: 2_000, count: 20_000 };

/** What a stream's programs read of the file: they repeat its begin. */
const TABLE_BYTES = 2 * MIB;
/** Between two signals: the loop has gone to sleep by then. */
const PAUSE = 0.001;
const LIMIT_MS = 120_000;

type Measure = (bench: Bench, command: readonly string[]) => Promise<Sample>;

/** Children, one after another. They share the core of who starts them: one of the two sleeps at any time. */
export function spawns(kind: 'plain' | 'options'): Measure {
  return async (_, command) => sampleOfEach(await runSpawns(command, kind, CHILDREN));
}

/** A GiB through a child on the other core. */
export function pipes(kind: 'echo' | 'read'): Measure {
  return async (bench, command) => {
    const { seconds, cpuUs } = await runPipes(bench, command, kind, BYTES);
    return sampleOfWhole(BYTES.count / MIB, seconds, cpuUs);
  };
}

/** Signals that a process sends to itself, one after another. */
export async function ownSignals(bench: Bench, command: readonly string[]): Promise<Sample> {
  return sampleOfEach(await runOwnSignals(bench, command, OWN_SIGNALS));
}

/** Signals from another process to one that sleeps. */
export async function foreignSignals(bench: Bench, command: readonly string[]): Promise<Sample> {
  return sampleOfEach(await runForeignSignals(bench, command, FOREIGN_SIGNALS));
}

/** Empty jobs, as many at once, in threads on any core. */
export function jobs(atOnce: number): Measure {
  return async (_, command) => sampleOfEach(await runJobs(command, atOnce, JOBS));
}

/** A report with a latency for each unit. */
export type Each = Report & { latenciesUs: readonly number[] };

/** On any core, as `jobs`: a child and the threads of its parent's engine run side by side. */
export function runSpawns(
  command: readonly string[],
  kind: 'plain' | 'options',
  amount: Amount,
): Promise<Each> {
  return runEach(null, [...command, kind], amount);
}

export function runOwnSignals({ cores }: Bench, command: readonly string[], amount: Amount): Promise<Each> {
  return runEach(cores.server, [...command, 'own'], amount);
}

export function runJobs(command: readonly string[], atOnce: number, amount: Amount): Promise<Each> {
  return runEach(null, [...command, String(atOnce)], amount);
}

export async function runPipes(
  { cores, programs }: Bench,
  command: readonly string[],
  kind: 'echo' | 'read',
  { warmup, count }: Amount,
): Promise<Report> {
  const file = await dataFile(programs, TABLE_BYTES);
  const told = [kind, file, String(warmup), String(count)];
  return run(cores.server, [...command, ...told, ...pinning(cores.client)]);
}

export async function runForeignSignals(
  { cores, programs }: Bench,
  command: readonly string[],
  { warmup, count }: Amount,
): Promise<Each> {
  const child = new Child(cores.server, [...command, 'foreign']);
  try {
    await child.line('READY', LIMIT_MS);
    const load = { requests: warmup + count, pause: PAUSE };
    const sent = await sendSignals(programs.loadgen, cores.client, child.pid, load);
    const report = JSON.parse(await child.line('', LIMIT_MS)) as Report;
    const latenciesUs = delays(sent.slice(warmup), report.arrivals ?? []);
    // Time and CPU are of all.
    const share = count / (warmup + count);
    return { seconds: report.seconds * share, cpuUs: report.cpuUs * share, latenciesUs };
  } finally {
    await child.stop();
  }
}

/**
 * Microseconds from each signal to its arrival. The system delivers one where several are pending; that one counts from
 * the earliest of them.
 */
function delays(sent: readonly number[], arrivals: readonly number[]): number[] {
  const latenciesUs: number[] = [];
  let next = 0;
  for (const arrival of arrivals) {
    const earliest = sent[next];
    if (earliest === undefined || earliest > arrival) continue;
    latenciesUs.push((arrival - earliest) / 1_000);
    while (next < sent.length && sent[next]! <= arrival) next++;
  }
  if (next < sent.length) throw new Error(`${sent.length - next} signals never arrived`);
  const merged = sent.length - latenciesUs.length;
  if (merged > 0) process.stderr.write(`${merged} signals came while another was pending\n`);
  return latenciesUs;
}

async function runEach(
  core: number | null,
  command: readonly string[],
  { warmup, count }: Amount,
): Promise<Each> {
  const report = await run(core, [...command, String(warmup), String(count)]);
  const { latenciesUs } = report;
  if (latenciesUs?.length !== count) throw new Error(`${latenciesUs?.length} of ${count} were done`);
  return { ...report, latenciesUs };
}

async function run(core: number | null, command: readonly string[]): Promise<Report> {
  const [program, args] = pinned(core, command);
  return JSON.parse(await output(program, args, { limitMs: LIMIT_MS })) as Report;
}
