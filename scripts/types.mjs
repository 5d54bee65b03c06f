// Writes index.d.ts: the whole public API in one file that a person can read. `--check` only compares.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIfChanged } from './files.mjs';

const HEADER = '// The public API of mioloop. Generated from bindings/ by `npm run types`. Do not edit.\n\n';

function output(program, args, input) {
  const result = spawnSync(program, args, { input, encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  process.exit(result.status ?? 1);
}

const folder = mkdtempSync(join(tmpdir(), 'mioloop-types-'));
const bundle = join(folder, 'index.d.ts');
output('node_modules/.bin/dts-bundle-generator', [
  ...['--silent', '--no-banner', '--no-check', '--project', 'tsconfig.json'],
  ...['--out-file', bundle, 'bindings/index.ts'],
]);
// What only the library can make has its constructor stripped; left out, it would be a public one.
const MADE_BY_THE_LIBRARY = [
  'Token',
  'Handle',
  'TimerHandle',
  'Future',
  'Operation',
  'Scope',
  'Server',
  'ThreadsafeHandle',
  'Guard',
  'TransportSocket',
  'SocketView',
  'LagHistogram',
  'ExecutorMap',
  'Process',
];
const sources = readdirSync('bindings')
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('bindings', name), 'utf8'))
  .join('');
/** The comment in front of a class or function, with its line's end; '' without one. */
function docOf(name) {
  const declared = sources.search(new RegExp(`^export (abstract )?(class|function) ${name}\\b`, 'm'));
  const before = sources.slice(0, declared);
  return declared >= 0 && before.endsWith('*/\n') ? before.slice(before.lastIndexOf('/**')) : '';
}

const bundled = readFileSync(bundle, 'utf8')
  .replace(/^(export declare class (\w+)[^{]*\{)$/gm, (line, head, name) =>
    MADE_BY_THE_LIBRARY.includes(name) ? `${head}\n\tprotected constructor();` : line,
  )
  // What is exported by another name, or in a namespace, may have lost its comment.
  .replace(/(?<!\*\/\n)^declare (?:class|function) (\w+)/gm, (line, name) => docOf(name) + line)
  // Parameters that the library does not use itself.
  .replace(/([(,] *)_(\w+\??: )/g, '$1$2');
const text = output('node_modules/.bin/biome', ['format', '--stdin-file-path=types.d.ts'], HEADER + bundled);
rmSync(folder, { recursive: true });

if (!process.argv.includes('--check')) writeIfChanged('index.d.ts', text);
else if (readFileSync('index.d.ts', 'utf8') !== text) {
  console.error('index.d.ts is not fresh: run `npm run types` and commit it.');
  process.exit(1);
}
