// Writes index.d.ts: the whole public API in one file that a person can read. `--check` only compares.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
];
const bundled = readFileSync(bundle, 'utf8').replace(
  /^(export declare class (\w+)[^{]*\{)$/gm,
  (line, head, name) => (MADE_BY_THE_LIBRARY.includes(name) ? `${head}\n\tprotected constructor();` : line),
);
const text = output('node_modules/.bin/biome', ['format', '--stdin-file-path=types.d.ts'], HEADER + bundled);
rmSync(folder, { recursive: true });

if (!process.argv.includes('--check')) writeIfChanged('index.d.ts', text);
else if (readFileSync('index.d.ts', 'utf8') !== text) {
  console.error('index.d.ts is not fresh: run `npm run types` and commit it.');
  process.exit(1);
}
