// What several build steps do with files.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Writes `text` to `path` unless it is there already, so that no later step sees a change that is none. */
export function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
}
