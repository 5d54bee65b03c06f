/** The micro benchmarks: each script of `micro/` in a process of its own, then what is measured from outside. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureAbsence } from './lib/absence.js';
import { pinned } from './lib/affinity.js';
import { measureAsyncioTasks } from './lib/asyncio-tasks.js';
import type { Bench } from './lib/bench.js';
import { output } from './lib/command.js';
import type { Figure } from './lib/figure.js';
import { measureIdleCpu } from './lib/idle-cpu.js';
import { measureIdleMemory } from './lib/idle-memory.js';
import { measureImportTime } from './lib/import-time.js';
import { isWanted } from './lib/options.js';
import { COMPILED, ROOT } from './lib/paths.js';
import { judgeFigure, type Outcome } from './lib/targets.js';

/** Each takes a few seconds; a hang ends here. */
const SCRIPT_LIMIT_MS = 120_000;

type Micro = (bench: Bench) => Promise<Figure[]>;

const MICROS: Record<string, Micro> = {
  'call-soon': script('call-soon'),
  turns: script('turns'),
  threadsafe: script('threadsafe'),
  'task-step': script('task-step'),
  gather: script('gather'),
  queue: script('queue'),
  getaddrinfo: script('getaddrinfo'),
  context: script('context'),
  promises: script('promises'),
  'asyncio-tasks': measureAsyncioTasks,
  absence: measureAbsence,
  stores: script('stores'),
  'timer-cancel': script('timer-cancel'),
  'timer-move': script('timer-move'),
  'timers-due': script('timers-due'),
  sleep: script('sleep'),
  import: measureImportTime,
  'idle-cpu': measureIdleCpu,
  'idle-memory': measureIdleMemory,
};

/** The names that `--only` can take. */
export const MICRO_NAMES: readonly string[] = Object.keys(MICROS);

/** Every figure, and those with a limit or of the loop alone judged. */
export interface Micros {
  figures: Figure[];
  outcomes: Outcome[];
}

export async function runMicros(bench: Bench): Promise<Micros> {
  if (!existsSync(join(ROOT, 'dist', 'index.js'))) {
    console.log('skipped the micro benchmarks: dist/index.js is not built');
    return { figures: [], outcomes: [] };
  }
  const all: Figure[] = [];
  const outcomes: Outcome[] = [];
  for (const [name, micro] of Object.entries(MICROS)) {
    if (!isWanted(bench.options.only, name)) continue;
    process.stderr.write(`micro ${name}\n`);
    try {
      const figures = await micro(bench);
      all.push(...figures);
      outcomes.push(...figures.filter(isJudged).map(judge));
    } catch (error) {
      console.log(`micro ${name} failed: ${(error as Error).message}`);
      outcomes.push({ target: name, value: '–', limit: '', verdict: 'not measured' });
    }
  }
  return { figures: all, outcomes };
}

/** What several do stands in a table of its own; here is what of it has a limit. */
function isJudged({ peer, limit }: Figure): boolean {
  return peer === undefined || limit !== null;
}

function judge({ target, peer, value, unit, limit }: Figure): Outcome {
  return judgeFigure(peer === undefined ? target : `${target}, ${peer}`, value, unit, limit);
}

/** A script prints one Figure a line. */
function script(name: string): Micro {
  return async ({ cores }) => {
    const [program, args] = pinned(cores.server, [process.execPath, join(COMPILED, 'micro', `${name}.js`)]);
    const lines = await output(program, args, { limitMs: SCRIPT_LIMIT_MS });
    return lines.split('\n').map((line) => JSON.parse(line) as Figure);
  };
}
