/** Many timers that all fire: their CPU, and how late the latest was. */
import { newEventLoop } from 'mioloop';
import { emit } from '../lib/figure.js';

const TIMERS = 200_000;
/** Seconds over which they are due. */
const SPAN = 0.5;
/** Seconds to schedule them in, before the first is due. */
const HEAD_START = 0.5;

interface Run {
  cpuMs: number;
  maxLateMs: number;
  early: number;
}

function onLoop(): Run {
  const loop = newEventLoop();
  const first = loop.time() + HEAD_START;
  const run = watch();
  const fire = (when: number) => {
    if (run.fired((loop.time() - when) * 1_000)) loop.stop();
  };
  for (let index = 0; index < TIMERS; index++) {
    const when = first + Math.random() * SPAN;
    loop.callAt(when, fire, when);
  }
  loop.runForeverSync();
  loop.close();
  return run.end();
}

function onNode(): Promise<Run> {
  return new Promise((resolve) => {
    const run = watch();
    const first = performance.now() + HEAD_START * 1_000;
    for (let index = 0; index < TIMERS; index++) {
      const when = first + Math.random() * SPAN * 1_000;
      setTimeout(() => {
        if (run.fired(performance.now() - when)) resolve(run.end());
      }, when - performance.now());
    }
  });
}

function watch() {
  const before = process.cpuUsage();
  let left = TIMERS;
  let maxLateMs = 0;
  let early = 0;
  return {
    /** True at the last timer. */
    fired(lateMs: number): boolean {
      if (lateMs < 0) early++;
      maxLateMs = Math.max(maxLateMs, lateMs);
      left--;
      return left === 0;
    },
    end(): Run {
      const { user, system } = process.cpuUsage(before);
      return { cpuMs: (user + system) / 1_000, maxLateMs, early };
    },
  };
}

function tell(name: string, { cpuMs, maxLateMs, early }: Run, mayBeEarly: boolean): void {
  const which = `${TIMERS} timers over ${SPAN} s, ${name}`;
  emit(`${which}: CPU`, cpuMs, 'ms');
  emit(`${which}: latest`, maxLateMs, 'ms late');
  emit(`${which}: too early`, early, 'timers', mayBeEarly ? null : { atMost: 0 });
}

onLoop(); // warms up
tell('mioloop', onLoop(), false);
tell('setTimeout', await onNode(), true);
