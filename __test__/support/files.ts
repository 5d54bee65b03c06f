// Files for tests: made in a directory of their own, open, and gone when the test is over.

import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A place for files that goes with everything in it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'mioloop-'));

  at(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** An open file without a name. */
export class TestFile {
  readonly fd: number;

  /** Its content; or its size, for one full of zeros. */
  constructor(content: Uint8Array | number) {
    using folder = new Folder();
    this.fd = openSync(folder.at('file'), 'w+');
    if (typeof content === 'number') ftruncateSync(this.fd, content);
    else writeSync(this.fd, content, 0, content.length, 0);
  }

  /** Where the next read without a position would begin: only the kernel knows, and on Linux it tells. */
  get position(): number {
    const [, position] = /^pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${this.fd}`, 'latin1'))!;
    return Number(position);
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

/** A pipe of the file system; both ends block, as ends of pipes do. */
export interface Pipe {
  readonly reading: number;
  readonly writing: number;
  [Symbol.dispose](): void;
}

export function makePipe(): Pipe {
  using folder = new Folder();
  const path = folder.at('pipe');
  execFileSync('mkfifo', [path]);
  // One who reads and writes opens it at once, and then so do the others.
  const both = openSync(path, 'r+');
  const reading = openSync(path, 'r');
  const writing = openSync(path, 'w');
  closeSync(both);
  return {
    reading,
    writing,
    [Symbol.dispose]() {
      closeSync(reading);
      closeSync(writing);
    },
  };
}
