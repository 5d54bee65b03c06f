// The examples of child processes.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { Example, outputOf } from './support/example.js';
import { temporaryFolder } from './support/folders.js';

test.serial('subprocess-date: a child tells the date to a protocol and through streams', async (t) => {
  const date = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
  t.regex(await outputOf('subprocess-date'), new RegExp(`^By a protocol: ${date}\nBy streams: ${date}\n$`));
});

test.serial('pipeline: three children, one reads what the other writes', async (t) => {
  using folder = temporaryFolder();
  for (const name of ['b', 'd', 'a', 'f', 'c', 'e', 'g']) mkdirSync(folder.file(name));
  t.is(await outputOf('pipeline', folder.path), 'g\nf\ne\nd\nc\nended with 0, 0, 0\n');
});

test.serial('supervisor: what crashes is started again, until it is stopped', async (t) => {
  using folder = temporaryFolder();
  const runs = folder.file('runs');
  writeFileSync(runs, '');
  // Fails, is killed, and then runs until it is asked to end.
  const script = [
    `printf x >> ${runs}`,
    `case $(cat ${runs}) in x) exit 3;; xx) kill -9 $$;; esac`,
    `trap 'printf stopped >> ${runs}; exit 0' TERM`,
    'echo ready',
    'while true; do sleep 0.01; done',
  ];
  const supervisor = new Example('supervisor', 'sh', '-c', script.join('\n'));
  // The child may say so before the supervisor has got hold of it.
  await supervisor.printed(/^ready$/m);
  await supervisor.printed(/(^sh runs as \d+$[\s\S]*){3}/m);
  supervisor.kill('SIGINT');
  t.deepEqual(await supervisor.ended, [0, null]);
  // The child's own word comes beside ours.
  const lines = supervisor.stdout
    .replace('ready\n', '')
    .split('\n')
    .map((line) => line.replace(/\d+$/, 'N'));
  t.deepEqual(lines, [
    'sh runs as N',
    'sh ended with 3; again in 0.1 s',
    'sh runs as N',
    'sh was ended by signal 9; again in 0.2 s',
    'sh runs as N',
    'sh was stopped',
    '',
  ]);
  t.is(supervisor.stderr, '');
  t.is(readFileSync(runs, 'utf8'), 'xxxstopped');
});

test.serial('supervisor: one that ends well is not started again', async (t) => {
  t.regex(await outputOf('supervisor', 'true'), /^true runs as \d+\n$/);
  const missing = new Example('supervisor', 'mioloop-no-such-program');
  t.deepEqual(await missing.ended, [1, null]);
  t.regex(missing.stderr, /spawn ENOENT mioloop-no-such-program/);
});
