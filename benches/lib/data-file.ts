/** The file that long streams come from: made by the load generator, which knows every byte of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Programs } from './cargo.js';
import { output } from './command.js';

const files = new Map<number, Promise<string>>();

/** A file of `bytes`, made once and removed when the process ends. */
export function dataFile(programs: Programs, bytes: number): Promise<string> {
  const known = files.get(bytes);
  if (known !== undefined) return known;
  const made = makeFile(programs, bytes);
  files.set(bytes, made);
  return made;
}

async function makeFile(programs: Programs, bytes: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mioloop-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'stream');
  await output(programs.loadgen, ['--pattern', path, '--bytes', String(bytes)]);
  return path;
}
