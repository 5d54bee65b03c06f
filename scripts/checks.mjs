// What the scripts that check things share: run a program out of sight, count what it says, print one line a part.
import { spawnSync } from 'node:child_process';

/** More than any of them prints. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** How a part went. `shown` is printed when it failed, `skips` always. */
export const outcome = (passed, failed, { shown = '', skips = [] } = {}) => ({
  passed,
  failed,
  shown,
  skips,
});

/** Runs a program to its end; its output is one text. */
export function run(program, args, env = process.env) {
  // Colours would hide what the output is searched for; a dumb terminal has ava's usual symbols.
  const { FORCE_COLOR: _, ...rest } = env;
  const plain = { ...rest, CARGO_TERM_COLOR: 'never', TERM: 'dumb' };
  const options = { env: plain, encoding: 'utf8', maxBuffer: MAX_OUTPUT, stdio: ['ignore', 'pipe', 'pipe'] };
  const { error, status, signal, stdout, stderr } = spawnSync(program, args, options);
  if (error?.code === 'ENOENT') return { ok: false, output: `${program} was not found` };
  const end = error?.message ?? (signal ? `ended by ${signal}` : '');
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${end}` };
}

/** A part that is one check: the program's exit code decides. */
export function check(program, args) {
  const { ok, output } = run(program, args);
  return ok ? outcome(1, 0) : outcome(0, 1, { shown: output });
}

/** A part that can't be checked here. */
export const skip = (reason) => outcome(0, 0, { skips: [reason] });

/** Runs the parts, `[name, () => outcome]` each, and exits: with 1 if one failed. */
export function runParts(parts) {
  const total = { passed: 0, failed: 0 };
  for (const [name, part] of parts) {
    const started = performance.now();
    const { passed, failed, shown, skips } = part();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (failed > 0) console.log(`${shown.trim()}\n`);
    for (const reason of skips) console.log(`skipped: ${name}: ${reason}`);
    const verdict = failed > 0 ? 'not ok' : 'ok';
    if (passed + failed > 0)
      console.log(`${verdict} ${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}
