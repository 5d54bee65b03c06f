// Runs the Rust tests and counts what they say.
import { outcome, run } from './checks.mjs';

const RESULT = /^test result: .*? (\d+) passed; (\d+) failed; \d+ ignored;/gm;
const IGNORED = /^test (.*) \.\.\. ignored(?:, (.*))?$/gm;

export function cargoTest() {
  // Not --quiet: that would also hide which tests are ignored, and why.
  const { ok, output } = run('cargo', ['test', '--workspace', '--locked', '--no-fail-fast']);
  let [passed, failed] = [0, 0];
  for (const [, ofPassed, ofFailed] of output.matchAll(RESULT)) {
    passed += Number(ofPassed);
    failed += Number(ofFailed);
  }
  const skips = [...output.matchAll(IGNORED)].map(([, name, why = 'no reason given']) => `${name}: ${why}`);
  // What does not compile, and a test that ends its process, have no result line.
  return outcome(passed, ok ? failed : Math.max(failed, 1), { shown: complaints(output), skips });
}

/** The output without progress and without the tests that passed. */
function complaints(output) {
  const dull =
    /^test .* \.\.\. (ok|ignored.*)$|^ +(Compiling|Downloaded|Downloading|Running|Finished|Doc-tests)\b/;
  return output
    .split('\n')
    .filter((line) => !dull.test(line))
    .join('\n');
}
