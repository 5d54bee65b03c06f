// The example of executors, against the program whose output it has.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Example } from './support/example.js';

test.serial('hash-files prints what sha256sum prints, and how far it is', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mioloop-hash-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const paths = [0, 1, 4096, 3_000_000].map((length, at) => {
    const path = join(folder, `file ${at}`);
    writeFileSync(path, Buffer.alloc(length, `content ${at}`));
    return path;
  });
  const example = new Example('hash-files', ...paths);
  t.deepEqual(await example.ended, [0, null]);
  t.is(example.stdout, execFileSync('sha256sum', paths, { encoding: 'utf8' }));
  t.is(example.stderr, '\r1 of 4 files\r2 of 4 files\r3 of 4 files\r4 of 4 files\n');
});

test.serial('hash-files says which file it could not read, and hashes the others', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mioloop-hash-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [missing, there] = [join(folder, 'missing'), join(folder, 'there')];
  writeFileSync(there, 'x');
  const example = new Example('hash-files', missing, there);
  t.deepEqual(await example.ended, [1, null]);
  const [first, second] = example.stdout.split('\n');
  t.is(first, `${missing}: ENOENT: no such file or directory, open '${missing}'`);
  t.is(`${second}\n`, execFileSync('sha256sum', [there], { encoding: 'utf8' }));
});
