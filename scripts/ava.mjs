// Runs the compiled ava suite on some Node and counts what it says.
import { delimiter, dirname } from 'node:path';
import { outcome, run } from './checks.mjs';

const PASSED = /^ {2}✔ /gm;

/** What ava's summary counts as failed. */
const FAILURES = [
  /^ {2}(\d+) tests? failed$/m,
  /^ {2}(\d+) tests? remained pending/m,
  /^ {2}(\d+) unhandled rejections?$/m,
  /^ {2}(\d+) uncaught exceptions?$/m,
];

/** The suite's outcome on the Node at `node`; its children, and theirs, are of the same Node. */
export function ava(node = process.execPath) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { ok, output } = run(node, ['node_modules/ava/entrypoints/cli.mjs'], env);
  // The summary does not tell how many passed where some failed.
  const passed = [...output.matchAll(PASSED)].length;
  const failed = FAILURES.reduce((sum, pattern) => sum + count(output, pattern), 0);
  // A file that ends before its tests do, or ava itself failing, is counted nowhere.
  const failures = ok ? failed : Math.max(failed, 1);
  return outcome(passed, failures, { shown: complaints(output), skips: skips(output) });
}

/** The last match: the summary stands at the end. */
function count(output, pattern) {
  const matches = [...output.matchAll(new RegExp(pattern, 'gm'))];
  return Number(matches.at(-1)?.[1] ?? 0);
}

/** The output without the tests that passed. */
function complaints(output) {
  const lines = output.split('\n');
  return lines.filter((line) => !/^ {2}✔ /.test(line)).join('\n');
}

/** `- [skip] title` of test.skip, and what a test logs that finds half-way that it can't run here. */
function skips(output) {
  const found = [];
  let title = '';
  for (const line of output.split('\n')) {
    const mark = /^ {2}(✔|✘ \[fail\]:|- \[skip\]) (.*)$/.exec(line);
    if (mark) title = mark[2];
    if (mark?.[1] === '- [skip]') found.push(`${title}: marked test.skip`);
    const reason = /^ +ℹ skipped: (.*)$/.exec(line)?.[1];
    if (reason) found.push(`${title}: ${reason}`);
  }
  return found;
}
