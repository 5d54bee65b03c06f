/** Empty jobs in worker threads of piscina: `piscina-jobs.js <at once> <warm-up> <count>`. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { EMPTY, WORKERS } from './jobs.js';
import { counts, Meter, type Report, tell } from './support.js';

const atOnce = Number(process.argv[2]);
const pool = new Piscina({
  filename: fileURLToPath(EMPTY.module),
  name: EMPTY.export,
  minThreads: WORKERS,
  maxThreads: WORKERS,
});

async function jobs(count: number): Promise<Report> {
  const meter = new Meter();
  let left = count;
  const inTurn = async (): Promise<void> => {
    while (left-- > 0) {
      const begin = performance.now();
      await pool.run(null);
      meter.lap(begin);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, inTurn));
  return meter.report();
}

const [warmup, count] = counts(process.argv);
await jobs(warmup);
tell(await jobs(count));
await pool.destroy();
