// CPython 3.13, the oracle: where it is, and what a script of ours prints on it.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the script prints: the name and the trace of each "## name" line. */
export function tracesOf(python, file, input = '') {
  const options = { input, encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 28 };
  const { error, status, stdout, stderr } = spawnSync(python, ['-E', '-B', file], options);
  if (error !== undefined || status !== 0) throw new Error(`${file}: ${stderr || error?.message}`);
  return sectionsOf(stdout);
}

/** The parts of a text that begin with a "## name" line. */
export function sectionsOf(text) {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    });
}

/** `python3.13` if it runs (a pyenv shim may exist and refuse), else the newest 3.13 of pyenv. */
export function findPython() {
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
