// Plays random programs on CPython 3.13 and on mioloop, live, and compares the traces.
//
//   npm run twins:random -- --seeds 1000 --from 1
//
// Prints the first seed whose traces differ, with both sides of the first difference; `--program` prints its program too.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython, tracesOf } from '../python.mjs';

/** Programs that one Python process plays. */
const PORTION = 100;
/** Equal lines shown before a difference. */
const SHOWN = 12;

const player = join(fileURLToPath(new URL('.', import.meta.url)), 'play.py');
const built = '../../../build/__test__/twins/random/';
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    program: { type: 'boolean', default: false },
  },
});

const python = oracle();
if (python !== null)
  process.exitCode = (await compareAll(Number(options.from), Number(options.seeds))) ? 0 : 1;

function oracle() {
  try {
    return findPython();
  } catch (error) {
    console.log(`skipped: ${error.message}`);
    return null;
  }
}

async function compareAll(from, count) {
  const { generate } = await import(`${built}generate.js`);
  const { play } = await import(`${built}play.js`);
  for (let first = from; first < from + count; first += PORTION) {
    const length = Math.min(PORTION, from + count - first);
    const programs = Array.from({ length }, (_, index) => generate(first + index));
    const expected = tracesOf(python, player, programs.map((program) => JSON.stringify(program)).join('\n'));
    for (const [index, program] of programs.entries()) {
      const theirs = expected[index][1].trimEnd().split('\n');
      for (const mode of ['hosted', 'blocking']) {
        if (!same(program, mode, await play(program, mode), theirs)) return false;
      }
    }
  }
  console.log(`seeds ${from} to ${from + count - 1}: equal traces, hosted and blocking`);
  return true;
}

function same(program, mode, ours, theirs) {
  const at = theirs.findIndex((line, index) => line !== ours[index]);
  if (at < 0 && ours.length === theirs.length) return true;
  const line = at < 0 ? theirs.length : at;
  const shown = (lines) => lines.slice(line, line + 3).join('\n  ') || '(the end)';
  console.log(`seed ${program.seed} (${mode}) differs in line ${line + 1}:`);
  for (const equal of theirs.slice(Math.max(0, line - SHOWN), line)) console.log(`  ${equal}`);
  console.log(`CPython:\n  ${shown(theirs)}\nmioloop:\n  ${shown(ours)}`);
  if (options.program) console.log(JSON.stringify(program, null, 1));
  return false;
}
