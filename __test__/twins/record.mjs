// Records traces/<name>.txt from the Python scenarios: every file in python/ runs RUNS times on CPython 3.13, and
// a scenario whose trace differs between two runs is refused. The traces are committed: tests need no Python.
//
//   npm run twins:record                writes the traces
//   npm run twins:record -- --check     only compares them with what is committed

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 20;
/** What the scenarios import. */
const SHARED = new Set(['twin.py', 'sides.py', 'virtual.py', 'words.py']);
const here = fileURLToPath(new URL('.', import.meta.url));
const sources = join(here, 'python');
const traces = join(here, 'traces');

const python = findPython();
const check = process.argv.includes('--check');
const recorded = new Map();
const unstable = new Set();

for (const file of readdirSync(sources).filter((name) => name.endsWith('.py') && !SHARED.has(name))) {
  for (let run = 0; run < RUNS; run++) {
    const names = new Set();
    for (const [name, trace] of play(file)) {
      if (names.has(name)) throw new Error(`${file} has two scenarios named ${name}`);
      names.add(name);
      if (trace.includes('nothing more within')) throw new Error(`${name} does not end:\n${trace}`);
      if (run === 0 && recorded.has(name)) throw new Error(`two files have a scenario named ${name}`);
      if (run === 0) recorded.set(name, trace);
      else if (recorded.get(name) !== trace)
        unstable.add(`${name} (run ${run + 1})\n${recorded.get(name)}----\n${trace}`);
    }
  }
}

for (const text of unstable) console.error(`refused, the trace differs between runs: ${text}`);
if (unstable.size > 0) process.exitCode = 1;
else if (check) compare();
else write();

function write() {
  rmSync(traces, { recursive: true, force: true });
  mkdirSync(traces);
  for (const [name, trace] of recorded) writeFileSync(join(traces, `${name}.txt`), trace);
  console.log(`${recorded.size} scenarios, ${RUNS} runs each, all the same`);
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

/** The file's scenarios and their traces: what follows each "## name" line. */
function play(file) {
  const text = execFileSync(python, ['-E', '-B', file], { cwd: sources, encoding: 'utf8', timeout: 60_000 });
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    });
}

/** `python3.13` if it runs (a pyenv shim may exist and refuse), else the newest 3.13 of pyenv. */
function findPython() {
  const versions = join(homedir(), '.pyenv', 'versions');
  const ours = existsSync(versions) ? readdirSync(versions).filter((name) => /^3\.13(\.|$)/.test(name)) : [];
  ours.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const candidates = ['python3.13', ...ours.map((name) => join(versions, name, 'bin', 'python3.13'))];
  for (const candidate of candidates) {
    try {
      const version = execFileSync(candidate, ['-V'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      if (version.startsWith('Python 3.13.')) return candidate;
    } catch {
      // not there, or a shim without a version behind it
    }
  }
  throw new Error(`found no CPython 3.13 (tried ${candidates.join(', ')})`);
}
