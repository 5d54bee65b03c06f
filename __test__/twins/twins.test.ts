// Every scenario exists twice, here and in python/; both must give the same events in the same turns.
// The traces were recorded on CPython 3.13 by record.mjs.

import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { type Mode, scenarios } from './scenario.js';
import './callbacks.js';
import './ordering.js';
import './timers.js';
import './stopping.js';
import './futures.js';
import './tasks.js';
import './cancellation.js';
import './cancel-chains.js';
import './contexts.js';
import './handlers.js';
import './locks.js';
import './queues.js';
import './waits.js';
import './timeouts.js';
import './groups.js';
import './connecting.js';
import './opening.js';
import './data.js';
import './flow.js';
import './closing.js';
import './files.js';
import './serving.js';
import './lookups.js';
import './datagrams.js';
import './readers.js';
import './sockets.js';
import './streams.js';
import './pipes.js';
import './children.js';
import './signals.js';
import './executors.js';

const TRACES = new URL('../../../__test__/twins/traces/', import.meta.url);
/** The random programs' traces, which random.test.ts compares. */
const RANDOM = 'random.txt';
const MODES: Mode[] = ['hosted', 'blocking'];

// Where ours differs on purpose. One that agrees again must leave the list: the test fails then.
const DIVERGENCES = new Map([
  [
    'cancel-message-for-all',
    'whoever awaits a cancelled task gets the message of the cancel; CPython gives it to the first only',
  ],
  [
    'connection-made-error',
    'an error in connectionMade closes the connection, as in the other protocol methods',
  ],
  ['datagram-burst', 'datagrams that wait together come in one turn, not in one each'],
  [
    'datagram-too-long',
    'what the system has against a datagram is told in the next turn, not inside sendto()',
  ],
  [
    'sock-recv-cancelled-behind-its-data',
    'the bytes are received in the step that gets them: a cancel leaves them to the next one',
  ],
  [
    'pipe-pause-writing',
    'a pipe resumes writing at the low mark, as every transport; CPython waits until nothing is buffered',
  ],
  ['look-up-without-a-name', 'an address needs no thread of the resolver, and so no turn'],
]);

for (const { name, title, play } of scenarios) {
  for (const mode of MODES) {
    test.serial(`twin ${title}: every event in CPython's turn (${mode})`, async (t) => {
      const expected = readFileSync(new URL(`${name}.txt`, TRACES), 'utf8')
        .trimEnd()
        .split('\n');
      const trace = await play(mode);
      if (DIVERGENCES.has(name)) t.notDeepEqual(trace, expected);
      else t.deepEqual(trace, expected);
    });
  }
}

test.serial('every recorded trace has its twin, and each name is one', (t) => {
  const recorded = readdirSync(TRACES)
    .filter((file) => file !== RANDOM)
    .map((file) => file.replace(/\.txt$/, ''));
  t.deepEqual(scenarios.map(({ name }) => name).sort(), recorded.sort());
});
