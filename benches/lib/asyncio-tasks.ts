/** What tasks do on CPython: asyncio's own loop, and uvloop's. */
import { join } from 'node:path';
import { pinned } from './affinity.js';
import type { Bench } from './bench.js';
import { output } from './command.js';
import type { Figure } from './figure.js';
import { SOURCES } from './paths.js';
import { findPython } from './python.js';

const SCRIPT = join(SOURCES, 'micro', 'asyncio_tasks.py');
const LIMIT_MS = 120_000;

export async function measureAsyncioTasks({ cores }: Bench): Promise<Figure[]> {
  const python = await findPython(true);
  if (python === null) {
    console.log('skipped tasks of asyncio and uvloop: no Python of 3.11 or later');
    return [];
  }
  if (python.uvloop === null) console.log('skipped tasks of uvloop: it is not installed');
  const figures: Figure[] = [];
  for (const kind of python.uvloop === null ? ['asyncio'] : ['asyncio', 'uvloop']) {
    const [program, args] = pinned(cores.server, [python.program, SCRIPT, kind]);
    const lines = await output(program, args, { limitMs: LIMIT_MS });
    figures.push(...lines.split('\n').map((line) => JSON.parse(line) as Figure));
  }
  return figures;
}
