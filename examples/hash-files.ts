// Hashes files in a pool of threads and prints what `sha256sum` prints; a line on stderr shows how far it is. The loop has
// nothing to do meanwhile but to count: it could serve connections.
//
//     node build/examples/hash-files.js docs/*.md
import { run, ThreadPoolExecutor } from 'mioloop';

/** Runs in a thread. It closes over nothing, so its text is all that the thread needs. */
function hashFile(path: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, 'r');
  try {
    for (let length = 1; length > 0; hash.update(block.subarray(0, length))) length = readSync(file, block);
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function* main(paths: string[]) {
  const executor = new ThreadPoolExecutor();
  const digests = paths.map((path) => executor.submit(hashFile, path));
  let done = 0;
  for (const digest of digests) {
    digest.addDoneCallback(() => {
      done += 1;
      process.stderr.write(`\r${done} of ${paths.length} files`);
    });
  }
  const lines: string[] = [];
  for (const [at, digest] of digests.entries()) {
    try {
      lines.push(`${yield* digest}  ${paths[at]}`);
    } catch (error) {
      process.exitCode = 1;
      lines.push(`${paths[at]}: ${error instanceof Error ? error.message : error}`);
    }
  }
  process.stderr.write('\n');
  console.log(lines.join('\n'));
  yield* executor.shutdown();
}

await run(() => main(process.argv.slice(2)));
