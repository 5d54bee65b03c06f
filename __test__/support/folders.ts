// Folders of a test's own, gone when the test is over.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder; `using` removes it with everything in it. */
export function temporaryFolder(): { path: string; file(name: string): string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'mioloop-'));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
