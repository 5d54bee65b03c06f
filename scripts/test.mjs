// `npm test`, after the build: all tests. Ends with `N passed, N failed`.
import { existsSync } from 'node:fs';
import { ava } from './ava.mjs';
import { cargoTest } from './cargo.mjs';
import { check, outcome, run, runParts, skip } from './checks.mjs';

const GENERATED = ['bindings/native/layout.ts', 'bindings/native/binding.d.ts'];

/** The build has just written these files: they must be the ones that are committed, or staged. */
function generatedFiles() {
  if (!run('git', ['rev-parse', '--is-inside-work-tree']).ok) return skip('not a git checkout');
  const tracked = run('git', ['ls-files', '--error-unmatch', ...GENERATED]);
  if (!tracked.ok) return outcome(0, 1, { shown: tracked.output });
  const { ok, output } = run('git', ['diff', '--exit-code', '--', ...GENERATED]);
  const advice = 'The build changed these files: stage them, and commit them with what changed them.';
  return ok ? outcome(1, 0) : outcome(0, 1, { shown: `${output}\n${advice}` });
}

const loadGenerator = ['build', '--release', '--locked', '--package', 'mioloop-loadgen'];
const conformance = 'scripts/conformance.mjs';

runParts([
  ['cargo test', cargoTest],
  // The tour, which is tested, has it built when it is missing: that takes longer than a test may.
  ['the load generator builds', () => check('cargo', loadGenerator)],
  [`ava on Node ${process.versions.node}`, () => ava()],
  ['types', () => check(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '__test__/types'])],
  ['index.d.ts is fresh', () => check(process.execPath, ['scripts/types.mjs', '--check'])],
  ['generated bindings are fresh', generatedFiles],
  [
    'conformance',
    () =>
      existsSync(conformance) ? check(process.execPath, [conformance, '--check']) : skip(`no ${conformance}`),
  ],
]);
