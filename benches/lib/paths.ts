/** Where things are: the compiled benchmarks run from `build/`, their other files stay in `benches/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
/** Sources that are not compiled: Python, Go, Bun, Deno. */
export const SOURCES = join(ROOT, 'benches');
/** Compiled servers and micro benchmarks. */
export const COMPILED = join(ROOT, 'build', 'benches');
/** Figures, and the tools that the other peers need; ignored by git. */
export const RESULTS = join(SOURCES, 'results');

function findRoot(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'mioloop') return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json of mioloop above the benchmarks');
  return findRoot(parent);
}
