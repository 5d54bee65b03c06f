/**
 * The package with something left out, to see what that costs where it is not used. Both sides of a comparison are
 * built here, so that they differ in nothing else.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { RESULTS, ROOT } from './paths.js';

/** What is replaced in every file of the facade. */
export type Rules = readonly (readonly [pattern: RegExp, replacement: string])[];

/** Builds the package with `rules` applied, and gives the path to import. A rule that fits nowhere is an Error. */
export async function buildVariant(name: string, rules: Rules): Promise<string> {
  const folder = join(RESULTS, 'variants', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(ROOT, 'dist', 'native'), join(folder, 'native'));
  const unused = new Set(rules);
  const outfile = join(folder, 'index.js');
  await build({
    entryPoints: [join(ROOT, 'bindings', 'index.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Conditions that have become constant go, and what they guard.
    minifySyntax: true,
    logLevel: 'warning',
    plugins: [replacing(rules, unused)],
  });
  const [first] = unused;
  if (first !== undefined) throw new Error(`variant ${name}: nothing in bindings/ matches ${first[0]}`);
  return outfile;
}

function replacing(rules: Rules, unused: Set<Rules[number]>): Plugin {
  return {
    name: 'replace',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const rule of rules) {
          const replaced = contents.replace(...rule);
          if (replaced !== contents) unused.delete(rule);
          contents = replaced;
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}
