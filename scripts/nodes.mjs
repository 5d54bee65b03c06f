// `node scripts/nodes.mjs 22 24`: the compiled ava suite on the newest of each Node, from npm's packages of Node.
// Ends with `N passed, N failed`; a Node that can't be had is skipped with a reason.
import { join } from 'node:path';
import { ava } from './ava.mjs';
import { run, runParts, skip } from './checks.mjs';

/** Ignored by git. */
const FOLDER = '.ci/nodes';

/** Installs a Node: its path, or why there is none. */
function install(major) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const prefix = join(FOLDER, major);
  const args = ['install', '--no-save', '--no-package-lock', '--prefix', prefix, `${name}@${major}`];
  const installed = run('npm', args);
  const [, why = 'npm failed'] = /^npm error (?!code)(.*)$/m.exec(installed.output) ?? [];
  if (!installed.ok) return { reason: `npm gives no ${name}@${major}: ${why}` };
  const path = join(process.cwd(), prefix, 'node_modules', name, 'bin', 'node');
  const { ok, output } = run(path, ['--version']);
  if (!ok) return { reason: `${path} does not run here: ${output.trim()}` };
  return { path, version: output.trim() };
}

runParts(
  process.argv.slice(2).map((major) => {
    const { path, version, reason } = install(major);
    return [`ava on Node ${version ?? major}`, () => (path ? ava(path) : skip(reason))];
  }),
);
