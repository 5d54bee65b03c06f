/** How late a short sleep ends. */
import { getRunningLoop, run, runSync, sleep } from 'mioloop';
import { emit } from '../lib/figure.js';
import { percentile } from '../lib/stats.js';

const DELAY = 0.0015;
const SLEEPS = 1_000;

/** Microseconds after the moment that was asked for. */
function* lateness() {
  const loop = getRunningLoop();
  const late: number[] = [];
  for (let index = 0; index < SLEEPS; index++) {
    const due = loop.time() + DELAY;
    yield* sleep(DELAY);
    late.push((loop.time() - due) * 1e6);
  }
  return late;
}

function tell(mode: string, late: readonly number[]): void {
  const which = `sleep(${DELAY}), ${mode}`;
  emit(`${which}: p50 lateness`, percentile(late, 0.5), 'µs');
  emit(`${which}: p99 lateness`, percentile(late, 0.99), 'µs', { atMost: 200 });
  emit(`${which}: too early`, late.filter((time) => time < 0).length, 'sleeps', { atMost: 0 });
}

tell('blocking', runSync(lateness));
tell('hosted', await run(lateness));
