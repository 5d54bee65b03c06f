// Records what CPython 3.13 does, in traces/: a file for each scenario of python/, and random.txt for the random programs.
// Everything is played RUNS times; what differs between two runs is refused. The traces are committed: tests need no
// Python.
//
//   npm run twins:record                writes the traces
//   npm run twins:record -- --check     only compares them with what is committed

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython, tracesOf } from './python.mjs';

const RUNS = 20;
/** What the scenarios import. */
const SHARED = new Set(['ordered.py', 'twin.py', 'sides.py', 'virtual.py', 'words.py']);
const here = fileURLToPath(new URL('.', import.meta.url));
const traces = join(here, 'traces');

const python = findPython();
const recorded = new Map();
const unstable = new Set();

for (const file of readdirSync(join(here, 'python')).filter(
  (name) => name.endsWith('.py') && !SHARED.has(name),
)) {
  for (const [name, trace] of playRepeatedly(join(here, 'python', file))) {
    if (recorded.has(name)) throw new Error(`there are two scenarios named ${name}`);
    if (trace.includes('nothing more within')) throw new Error(`${name} does not end:\n${trace}`);
    recorded.set(name, trace);
  }
}
recorded.set('random', await recordRandom());

for (const text of unstable) console.error(`refused, the trace differs between runs: ${text}`);
if (unstable.size > 0) process.exitCode = 1;
else if (process.argv.includes('--check')) compare();
else write();

function write() {
  rmSync(traces, { recursive: true, force: true });
  mkdirSync(traces);
  for (const [name, trace] of recorded) writeFileSync(join(traces, `${name}.txt`), trace);
  console.log(`${recorded.size} traces, ${RUNS} runs each, all the same`);
}

function compare() {
  const committed = new Map(
    readdirSync(traces).map((name) => [name.replace(/\.txt$/, ''), readFileSync(join(traces, name), 'utf8')]),
  );
  for (const name of new Set([...committed.keys(), ...recorded.keys()])) {
    if (committed.get(name) === recorded.get(name)) continue;
    console.error(`traces/${name}.txt is not what ${python} prints now`);
    process.exitCode = 1;
  }
}

/** The random programs of the suite, in one text. */
async function recordRandom() {
  const { generate, SUITE_SEEDS } = await import('../../build/__test__/twins/random/generate.js');
  const programs = SUITE_SEEDS.map((seed) => JSON.stringify(generate(seed))).join('\n');
  const played = playRepeatedly(join(here, 'random', 'play.py'), programs);
  return played.map(([seed, trace]) => `## ${seed}\n${trace}`).join('');
}

/** The names and traces of a script. */
function playRepeatedly(file, input) {
  const first = tracesOf(python, file, input);
  for (let run = 2; run <= RUNS; run++) {
    for (const [index, [name, trace]] of tracesOf(python, file, input).entries()) {
      if (trace !== first[index][1]) unstable.add(`${name} (run ${run})\n${first[index][1]}----\n${trace}`);
    }
  }
  return first;
}
