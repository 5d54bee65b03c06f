// What subprocessExec, subprocessShell and their kin refuse, and in which words.

import { closeSync, openSync } from 'node:fs';
import test from 'ava';
import {
  type ChildProcessOptions,
  createSubprocessExec,
  createSubprocessShell,
  DEVNULL,
  PIPE,
  STDOUT,
  SubprocessProtocol,
} from 'mioloop';
import { ChildProbe } from './support/children.js';
import { inLoop } from './support/modes.js';
import { warningsOf } from './support/warnings.js';

type Refusal = readonly [options: unknown, name: string, text: RegExp];

/** asyncio's own: a child's pipes are bytes. */
const NEVER: readonly Refusal[] = [
  [{ universalNewlines: true }, 'RangeError', /^universalNewlines must be false, got true/],
  [{ bufsize: 4096 }, 'RangeError', /^bufsize must be 0, got 4096/],
  [{ bufsize: null }, 'RangeError', /^bufsize must be 0/],
  [{ text: true }, 'RangeError', /^text must be false/],
  [{ encoding: 'utf8' }, 'RangeError', /^encoding must be null, got the string "utf8"/],
  [{ errors: 'strict' }, 'RangeError', /^errors must be null/],
];

const WRONG: readonly Refusal[] = [
  [null, 'TypeError', /must be an object, got null/],
  [{ preexecFn: () => undefined }, 'NotImplementedError', /has no option preexecFn/],
  [{ pass_fds: [3] }, 'NotImplementedError', /has no option pass_fds/],
  [{ stdin: 'pipe' }, 'TypeError', /^stdin must be PIPE, DEVNULL, .*got the string "pipe"/],
  [{ stdin: STDOUT }, 'RangeError', /^STDOUT can only be used for stderr, not for stdin/],
  [{ stdout: STDOUT }, 'RangeError', /^STDOUT can only be used for stderr/],
  [{ stderr: -4 }, 'RangeError', /^stderr: no descriptor has the number -4/],
  [{ stdout: 1.5 }, 'RangeError', /^stdout: no descriptor/],
  [{ stdout: {} }, 'TypeError', /^stdout must be PIPE/],
  [{ stdout: { fd: -1 } }, 'RangeError', /is it closed\?/],
  [{ cwd: 7 }, 'TypeError', /^cwd must be a string, a Uint8Array or a file: URL, got 7/],
  [{ cwd: 'a\0b' }, 'RangeError', /^embedded null byte in cwd/],
  [{ cwd: new URL('http://example.org/') }, 'TypeError', /^cwd must be a path or a file: URL, got http/],
  [{ executable: 7 }, 'TypeError', /^executable must be a string/],
  [{ executable: Buffer.from('a\0') }, 'RangeError', /^embedded null byte in executable/],
  [{ env: 'A=b' }, 'TypeError', /^env must be an object of strings, got the string "A=b"/],
  [{ env: { A: 1 } }, 'TypeError', /^env\.A must be a string, got 1/],
  [{ env: ['A=b'] }, 'TypeError', /^env must be an object of strings, got /],
  [{ env: { 'A=': 'b' } }, 'RangeError', /^illegal environment variable name: "A="/],
  [{ env: { '': 'b' } }, 'RangeError', /^illegal environment variable name/],
  [{ env: { A: 'b\0c' } }, 'RangeError', /^embedded null byte in env\.A/],
  [{ env: { 'A\0': 'b' } }, 'RangeError', /^embedded null byte/],
  [{ closeFds: 1 }, 'TypeError', /^closeFds must be a boolean, got 1/],
  [{ restoreSignals: 'no' }, 'TypeError', /^restoreSignals must be a boolean/],
  [{ startNewSession: 'yes' }, 'TypeError', /^startNewSession must be a boolean/],
  [{ passFds: 3 }, 'TypeError', /^passFds must be a list of descriptors, got 3/],
  [{ passFds: [-1] }, 'RangeError', /^passFds: no descriptor has the number -1/],
  [
    { passFds: ['3'] },
    'TypeError',
    /^passFds must be a list of descriptors, or of what has one; it has the string "3"$/,
  ],
  [{ pipesize: '64' }, 'TypeError', /^pipesize must be a number from -1/],
  [{ pipesize: 1.5 }, 'RangeError', /^pipesize must be a whole number from -1/],
  [{ processGroup: -1 }, 'RangeError', /^processGroup must be a whole number from 0/],
  [{ processGroup: 'mine' }, 'TypeError', /^processGroup must be a number from 0/],
  [{ user: -1 }, 'RangeError', /^user: an ID cannot be negative, got -1/],
  [{ user: {} }, 'TypeError', /^user must be a string or an integer, got an object/],
  [{ user: 'no such user' }, 'RangeError', /^user: name not found: the string "no such user"/],
  [{ user: 0xffffffff }, 'RangeError', /^user must be a whole number from 0 to 4294967294/],
  [{ group: -2 }, 'RangeError', /^group: an ID cannot be negative/],
  [{ group: 'no such group' }, 'RangeError', /^group: name not found/],
  [{ extraGroups: 'wheel' }, 'RangeError', /^extraGroups must be a list, not a string/],
  [{ extraGroups: 5 }, 'TypeError', /^extraGroups must be a list/],
  [{ extraGroups: [1, -1] }, 'RangeError', /^an item of extraGroups: an ID cannot be negative/],
  [{ umask: 0o1000 }, 'RangeError', /^umask must be a whole number from 0 to 511/],
  [{ umask: '022' }, 'TypeError', /^umask must be a number from 0/],
];

inLoop(
  'options that a child cannot have are refused by name, before anything is made (B171)',
  function* (t, loop) {
    let made = 0;
    const factory = (): SubprocessProtocol => {
      made += 1;
      return new SubprocessProtocol();
    };
    const calls = [
      (options: ChildProcessOptions) => loop.subprocessExec(factory, 'true', [], options),
      (options: ChildProcessOptions) => loop.subprocessShell(factory, 'true', options),
      (options: ChildProcessOptions) => createSubprocessExec('true', [], options),
      (options: ChildProcessOptions) => createSubprocessShell('true', options),
    ];
    for (const call of calls) {
      for (const [options, name, text] of [...NEVER, ...WRONG]) {
        const error = call(options as ChildProcessOptions).exception() as Error;
        t.is(error?.name, name, `${JSON.stringify(options)}: ${error?.message}`);
        t.regex(error.message, text);
        t.is(typeof (error as NodeJS.ErrnoException).code, 'string');
      }
    }
    t.is(made, 0);
    for (const limit of [0, -1]) {
      t.throws(() => createSubprocessExec('true', [], { limit }).result(), {
        name: 'RangeError',
        message: /^Limit/,
      });
    }
  },
);

inLoop('shell is what the method says: there are two (B171)', function* (t, loop) {
  const factory = (): ChildProbe => new ChildProbe(loop);
  const options = (shell: boolean): ChildProcessOptions => ({ shell }) as ChildProcessOptions;
  t.throws(() => loop.subprocessExec(factory, 'true', [], options(true)).result(), {
    name: 'RangeError',
    message: /^shell must be false, got true/,
  });
  t.throws(() => loop.subprocessShell(factory, 'true', options(false)).result(), {
    name: 'RangeError',
    message: /^shell must be true, got false/,
  });
  // The values that asyncio has by default are no error.
  const defaults = { universalNewlines: false, bufsize: 0, text: null, encoding: null, errors: null };
  const exec = { ...defaults, shell: false, stdin: null, stdout: null, stderr: null };
  const [, first] = yield* loop.subprocessExec(factory, 'true', [], exec as ChildProcessOptions);
  const shell = { ...exec, shell: true };
  const [, second] = yield* loop.subprocessShell(factory, 'true', shell as ChildProcessOptions);
  yield* first.lost;
  yield* second.lost;
});

inLoop('a program and its arguments are strings or bytes without a NUL (B171)', function* (t, loop) {
  const factory = (): SubprocessProtocol => new SubprocessProtocol();
  const exec = (program: unknown, args?: unknown) =>
    loop.subprocessExec(factory, program as string, args as string[]).exception() as Error;
  for (const [program, args] of [
    [undefined, []],
    [null, []],
    [7, []],
    [{}, []],
    ['true', [7]],
    ['true', ['a', null]],
    ['true', [['a']]],
  ] as const) {
    const error = exec(program, args);
    t.is(error?.name, 'TypeError');
    t.regex(error.message, /^program arguments must be a bytes or text string, not /);
  }
  t.is(exec('true', 'x').message, 'the arguments of a program must be an array, got the string "x"');
  for (const [program, args] of [
    ['tr\0ue', []],
    [Buffer.from('tr\0ue'), []],
    ['true', ['a\0']],
    ['true', ['a', Buffer.from([0])]],
  ] as const) {
    const error = exec(program, args);
    t.is(error?.name, 'RangeError');
    t.regex(error.message, /^embedded null byte in a program argument/);
  }
  const shell = (cmd: unknown) => loop.subprocessShell(factory, cmd as string).exception() as Error;
  t.is(shell(7).message, 'cmd must be a string, got 7');
  t.is(shell(7).name, 'TypeError');
  t.is(shell(['ls']).name, 'TypeError');
  t.regex(shell('ls\0').message, /^embedded null byte in cmd/);
});

inLoop('a factory that is none, or gives none, starts no child (B171)', function* (t, loop) {
  const factories: unknown[] = [undefined, 7, SubprocessProtocol, () => null];
  for (const factory of factories) {
    t.throws(() => loop.subprocessExec(factory as () => SubprocessProtocol, 'true').result(), {
      name: 'TypeError',
    });
  }
  const broken = (): SubprocessProtocol => {
    throw new Error('no protocol today');
  };
  t.throws(() => loop.subprocessExec(broken, 'true').result(), { message: 'no protocol today' });
});

inLoop('passFds is stronger than closeFds, with a warning (B180)', function* (t) {
  const warnings = warningsOf(t);
  const fd = openSync('/dev/null', 'r');
  try {
    const child = yield* createSubprocessExec('true', [], { passFds: [fd], closeFds: false });
    t.is(yield* child.wait(), 0);
  } finally {
    closeSync(fd);
  }
  t.deepEqual(warnings, [
    { message: 'passFds overriding closeFds.', type: 'RuntimeWarning', code: 'MIOLOOP_PASS_FDS' },
  ]);
});

test('the constants have asyncio’s values', (t) => {
  t.deepEqual([PIPE, STDOUT, DEVNULL], [-1, -2, -3]);
});
