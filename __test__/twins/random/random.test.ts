// Random programs, generated from seeds: CPython and mioloop do the same in the same turns. `npm run twins:random` plays
// any number of other seeds on both.

import { readFileSync } from 'node:fs';
import test from 'ava';
import { MODES } from '../../support/modes.js';
import { generate, SUITE_SEEDS } from './generate.js';
import { play } from './play.js';

const recorded = readFileSync(
  new URL('../../../../__test__/twins/traces/random.txt', import.meta.url),
  'utf8',
);
const traces = new Map(
  recorded
    .split(/^## /m)
    .slice(1)
    .map((part) => part.trimEnd().split('\n'))
    .map(([seed, ...lines]) => [Number(seed), lines]),
);

for (const mode of MODES) {
  test.serial(
    `random programs do what they do on CPython (B52, B59–B64, B71, B74–B81, B84, B85) (${mode})`,
    async (t) => {
      t.deepEqual([...traces.keys()], SUITE_SEEDS);
      for (const seed of SUITE_SEEDS) {
        t.deepEqual(await play(generate(seed), mode), traces.get(seed), `seed ${seed}`);
      }
    },
  );
}
