// How the package finds out how its Node keeps the stores of AsyncLocalStorage, when it is loaded.

import test from 'ava';
import { linesOf } from './support/program.js';

const PROGRAM = `
  const { AsyncLocalStorage } = require('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const load = () => require('mioloop');
  const use = ({ newEventLoop, sleep }) => {
    const loop = newEventLoop();
    const look = (name) => console.log(name + ': ' + storage.getStore());
    storage.run('a', () => loop.callSoon(look, 'in a store'));
    loop.callSoon(look, 'in none');
    loop.callSoon(() => storage.run('b', () => loop.callSoon(look, 'from a callback')));
    storage.run('c', () => loop.createTask(function* () { yield* sleep(0); look('a task'); }));
    const stopIn = (turns) => (turns === 0 ? loop.stop() : loop.callSoon(stopIn, turns - 1));
    stopIn(4);
    loop.runForeverSync();
    loop.close();
  };
`;
const SEEN = ['in a store: a', 'in none: undefined', 'from a callback: b', 'a task: c'];

test.serial('a package that is loaded inside a store does not keep it', async (t) => {
  const program = `${PROGRAM} use(storage.run('while loading', load));`;
  t.deepEqual(await linesOf(program, { kind: 'commonjs' }), SEEN);
});

test.serial('a Node that keeps stores in an unknown way is followed, too', async (t) => {
  // Nothing is found in a resource then.
  const program = `${PROGRAM}
    const { getOwnPropertySymbols } = Object;
    Object.getOwnPropertySymbols = () => [];
    const mioloop = load();
    Object.getOwnPropertySymbols = getOwnPropertySymbols;
    use(mioloop);`;
  t.deepEqual(await linesOf(program, { kind: 'commonjs' }), SEEN);
});
