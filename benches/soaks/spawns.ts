/** Children one after another, with all three pipes: memory and descriptors stay what they are. */
import { type Coroutine, createSubprocessExec, PIPE } from 'mioloop';
import { children, count, descriptors, figure, ready, runSoak, tell } from './support.js';

/** Until compilers and collectors have come to rest. */
const WARM_UP_SHARE = 0.1;

/** True when it gave back what it was given. */
function* echo(index: number): Coroutine<boolean> {
  const child = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE, stderr: PIPE });
  const [out, err] = yield* child.communicate(Buffer.from(`child ${index}`));
  return child.returncode === 0 && out?.toString() === `child ${index}` && err?.length === 0;
}

runSoak(function* () {
  for (let index = 0; index < count * WARM_UP_SHARE; index++) yield* echo(index);
  ready();
  const before = descriptors();
  let right = 0;
  let most = 0;
  for (let index = 0; index < count; index++) {
    if (yield* echo(index)) right++;
    if (index % 100 === 0) most = Math.max(most, descriptors());
  }
  tell([
    figure('that gave back what they were given', right, 'children', { atLeast: count }),
    figure('children that are left', children(), 'children', { atMost: 0 }),
    figure('descriptors that are left', descriptors() - before, 'descriptors', { atMost: 0 }),
    figure('most descriptors between two children', most - before, 'descriptors', { atMost: 0 }),
  ]);
});
