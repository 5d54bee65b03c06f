// The warnings of the process during a test, as they are emitted: a blocking run leaves Node no time to tell of them.

import type { ExecutionContext } from 'ava';

export interface Warned {
  message: string;
  type: string | undefined;
  code: string | undefined;
}

/** Collects the warnings, instead of their being told, until the test ends. */
export function warningsOf(t: ExecutionContext): Warned[] {
  const warnings: Warned[] = [];
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, options?: unknown) => {
    const { type, code } = (options ?? {}) as { type?: string; code?: string };
    warnings.push({ message: String(warning), type, code });
  };
  t.teardown(() => {
    process.emitWarning = emitWarning;
  });
  return warnings;
}
