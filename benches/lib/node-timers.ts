/** Whether Node's own timers get their turn while a server is under full load. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { Child } from './child.js';
import type { Limit } from './figure.js';
import { runLoad } from './loadgen.js';
import { withServer } from './server.js';
import { judgeFigure, type Outcome } from './targets.js';
import type { ProbeResult } from './timer-probe.js';

/** Windows of an echo run: one gives too few timers for a p99. */
const WINDOWS = 2;
const LOAD = { connections: 100, size: 1024 };
const LIMIT_MS = 5;
/** Before the end of the load, so that the last answer is still one under load. */
const MARGIN_MS = 150;
const ANSWER_LIMIT_MS = 5_000;
/** Peers whose server can watch its timers. */
const WATCHED: Record<string, Limit | null> = { 'mioloop-hosted': { atMost: LIMIT_MS }, net: null };

export async function judgeNodeTimers(bench: Bench): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, services } of bench.contestants) {
    const limit = WATCHED[name];
    if (limit === undefined || services.echo === undefined) continue;
    const p99 = await lateness(bench, services.echo);
    outcomes.push(judgeFigure(`setTimeout(10) under 100x1KiB, p99 lateness, ${name}`, p99, 'ms', limit));
  }
  return outcomes;
}

/** Milliseconds; Infinity when the server did not answer at all. */
async function lateness(bench: Bench, command: readonly string[]): Promise<number> {
  const { cores, options, programs } = bench;
  return withServer(cores.server, [...command, 'probe'], async ({ port, child }) => {
    const seconds = WINDOWS * options.window;
    const load = { ...LOAD, seconds, warmup: options.warmup };
    const running = runLoad(programs.loadgen, cores.client, { port, pid: child.pid }, load);
    const answer = probeUnderLoad(child, options.warmup * 1_000, seconds * 1_000 - MARGIN_MS);
    const [, result] = await Promise.all([running, answer]);
    return result?.p99Ms ?? Number.POSITIVE_INFINITY;
  });
}

async function probeUnderLoad(child: Child, warmupMs: number, windowMs: number): Promise<ProbeResult | null> {
  try {
    await pause(warmupMs);
    await ask(child);
    await pause(Math.max(0, windowMs));
    return await ask(child);
  } catch {
    return null;
  }
}

async function ask(child: Child): Promise<ProbeResult> {
  child.kill('SIGUSR2');
  return JSON.parse(await child.line('PROBE ', ANSWER_LIMIT_MS)) as ProbeResult;
}
