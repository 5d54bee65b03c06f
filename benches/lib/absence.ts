/** What contexts and debug mode cost where nobody uses them: the package against itself without them. */
import { join } from 'node:path';
import { pinned } from './affinity.js';
import type { Bench } from './bench.js';
import { output } from './command.js';
import type { Figure, Limit } from './figure.js';
import { COMPILED } from './paths.js';
import { median } from './stats.js';
import { buildVariant, type Rules } from './variant.js';

const SCRIPT = join(COMPILED, 'micro', 'absence.js');
/** The builds take turns; a process each, because an optimizer decides anew in each. */
const ROUNDS = 7;

/** Whatever asks for it finds that debug mode is off, and nobody watches. */
const WITHOUT_DEBUG: Rules = [
  [/\b[\w.]+\.debugging\b(?!\s*=[^=])/g, 'false'],
  [/\bthis\.observer\b(?!\s*[:=][^=])/g, 'null'],
];

/** Nobody captures context variables, nor puts them in their place for what runs. */
const WITHOUT_CONTEXTS: Rules = [
  [/\bthis\.values = currentValues\(\);/g, ''],
  [/\brunning\.values = this\.values;/g, ''],
  [/\bthis\.values = running\.values!?;/g, ''],
];

interface Comparison {
  what: string;
  /** What the build is called that is without it. */
  without: string;
  rules: Rules;
  limit: Limit | null;
}

const COMPARISONS: readonly Comparison[] = [
  { what: 'a context switch', without: 'contexts', rules: WITHOUT_CONTEXTS, limit: { atMost: 5 } },
  { what: 'debug mode, while it is off', without: 'debug', rules: WITHOUT_DEBUG, limit: { atMost: 1 } },
  { what: 'nothing at all (noise)', without: 'nothing', rules: [], limit: null },
];

/** As `micro/absence.ts` prints them. */
interface Times {
  callback: number;
  step: number;
}

export async function measureAbsence({ cores }: Bench): Promise<Figure[]> {
  const builds = [await buildVariant('whole', [])];
  for (const { without, rules } of COMPARISONS) builds.push(await buildVariant(`without-${without}`, rules));
  const rounds: Times[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: Times[] = [];
    for (const build of builds) {
      const [program, args] = pinned(cores.server, [process.execPath, SCRIPT, build]);
      times.push(JSON.parse(await output(program, args)) as Times);
    }
    rounds.push(times);
  }
  return COMPARISONS.flatMap(({ what, limit }, index) => {
    const added = (key: keyof Times) =>
      median(rounds.map((times) => times[0]![key] - times[index + 1]![key]));
    return [
      { target: `${what}: adds to a callback`, value: added('callback'), unit: 'ns', limit },
      { target: `${what}: adds to a step of a task`, value: added('step'), unit: 'ns', limit },
    ];
  });
}
