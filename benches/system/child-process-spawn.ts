/** Children one after another by `child_process`: `child-process-spawn.js <plain|options> <warm-up> <count>`. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TRUE, USER } from './children.js';
import { counts, Meter, tell } from './support.js';

/** There is no umask; `detached` is `setsid`. */
const OPTIONS: Record<string, SpawnOptions> = {
  plain: { stdio: 'inherit' },
  options: { stdio: 'ignore', cwd: '/', detached: true, uid: USER },
};

const options = OPTIONS[process.argv[2]!]!;
const [warmup, count] = counts(process.argv);

/** An end by the event 'exit'. */
const work = () => once(spawn(TRUE, [], options), 'exit');

for (let index = 0; index < warmup; index++) await work();
const meter = new Meter();
for (let index = 0; index < count; index++) {
  const begin = performance.now();
  await work();
  meter.lap(begin);
}
tell(meter.report());
