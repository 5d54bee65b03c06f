/** How long `import 'mioloop'` takes in a fresh process. */
import { pinned } from './affinity.js';
import type { Bench } from './bench.js';
import { output } from './command.js';
import type { Figure } from './figure.js';
import { ROOT } from './paths.js';
import { median } from './stats.js';

const RUNS = 11;
const LIMIT = { atMost: 30 };
const PROGRAM = `const start = performance.now(); await import('mioloop'); console.log(performance.now() - start);`;

export async function measureImportTime({ cores }: Bench): Promise<Figure[]> {
  const [program, args] = pinned(cores.server, [process.execPath, '--input-type=module', '--eval', PROGRAM]);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(Number(await output(program, args, { cwd: ROOT })));
  return [{ target: 'import of the package', value: median(times), unit: 'ms', limit: LIMIT }];
}
