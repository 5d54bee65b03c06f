// `npm run lint`: format and lint of both languages; a warning is an error. Ends with `N passed, N failed`.
import { check, runParts } from './checks.mjs';

const biome = 'node_modules/.bin/biome';
const clippy = ['clippy', '--workspace', '--all-targets', '--locked', '--quiet', '--', '-D', 'warnings'];

runParts([
  ['biome', () => check(biome, ['ci', '--colors=off', '--error-on-warnings', '--max-diagnostics=200', '.'])],
  ['rustfmt', () => check('cargo', ['fmt', '--all', '--check'])],
  ['clippy', () => check('cargo', clippy)],
]);
