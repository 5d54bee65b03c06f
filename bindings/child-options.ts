// The options of a child process: which there are, and what they become for the core. asyncio: those of `subprocess.Popen`,
// and what `subprocess_exec` and `subprocess_shell` refuse of them.
import { checkEnvironment, checkPath, type FilePath } from './child-command.js';
import { type ChildStdio, checkStdio, descriptorNumber } from './child-stdio.js';
import type { Descriptor } from './descriptors.js';
import { given, rangeError, typeError } from './errors.js';
import { type ChildSpec, groupId, userId } from './native/addon.js';
import { checkFlag, checkOptions, checkWhole } from './options.js';
import { systemError } from './system-error.js';

/** Options of a child process. */
export interface ChildProcessOptions {
  /** Where its descriptor 0 leads. */
  stdin?: ChildStdio;
  /** Where its descriptor 1 leads. */
  stdout?: ChildStdio;
  /** Where its descriptor 2 leads; `STDOUT`: where `stdout` does. */
  stderr?: ChildStdio;
  /** Its working directory; this process's without it. */
  cwd?: FilePath | null | undefined;
  /**
   * Its environment, all of it: an empty object is an empty one, and what is undefined is left out. This process's
   * `process.env` without it.
   */
  env?: Readonly<Record<string, string>> | NodeJS.ProcessEnv | null | undefined;
  /** The file to run, where that is another than what the program is told to be; of a command, the shell. */
  executable?: FilePath | null | undefined;
  /** Whether it gets no other descriptors than the three (true). With false it gets all that are inheritable; Node's own are not. */
  closeFds?: boolean | null | undefined;
  /** More descriptors that it gets, with the same numbers. */
  passFds?: Iterable<Descriptor> | null | undefined;
  /** Whether signals that Node ignores (SIGPIPE) have their default effect again (true). */
  restoreSignals?: boolean | null | undefined;
  /** Bytes that its pipes are to hold, where the system can say (Linux); -1, the default, leaves that to the system. */
  pipesize?: number | null | undefined;
  /** Whether it begins a session, and with it a process group: no terminal's Ctrl-C reaches it. */
  startNewSession?: boolean | null | undefined;
  /** The process group that it joins; 0 is a new one of its own. */
  processGroup?: number | null | undefined;
  /** The user that it runs as: number or name. */
  user?: number | string | null | undefined;
  /** The group that it runs as: number or name. */
  group?: number | string | null | undefined;
  /** The other groups that it is in: numbers or names. */
  extraGroups?: readonly (number | string)[] | null | undefined;
  /** Which permissions files that it makes do not have (0o022, for example). */
  umask?: number | null | undefined;
}

/** What of the core's specification comes from the options. */
export type OptionsSpec = Omit<ChildSpec, 'program' | 'args'>;

const OPTIONS: readonly (keyof ChildProcessOptions)[] = [
  'stdin',
  'stdout',
  'stderr',
  'cwd',
  'env',
  'executable',
  'closeFds',
  'passFds',
  'restoreSignals',
  'pipesize',
  'startNewSession',
  'processGroup',
  'user',
  'group',
  'extraGroups',
  'umask',
];

/** What asyncio refuses: a child's pipes are bytes, unbuffered. The name, what it may be, and how that is called. */
const REFUSED: readonly (readonly [name: string, isFine: (value: unknown) => boolean, expected: string])[] = [
  ['universalNewlines', isFalsy, 'false'],
  ['bufsize', (value) => value === 0, '0'],
  ['text', isFalsy, 'false'],
  ['encoding', isNothing, 'null'],
  ['errors', isNothing, 'null'],
];
const MAX_INT32 = 0x7fffffff;
const MAX_UINT32 = 0xffffffff;
const MAX_UMASK = 0o777;

/**
 * @param options the user's
 * @param method who is asked
 * @throws TypeError, RangeError, NotImplementedError for an option that there is not; the system's error of a look-up.
 * @internal
 */
export function checkChildOptions(
  options: ChildProcessOptions,
  method: 'subprocessExec' | 'subprocessShell',
): OptionsSpec {
  checkOptions(refuse(options, method), OPTIONS, method);
  const passFds = options.passFds == null ? [] : checkPassFds(options.passFds);
  const spec: OptionsSpec = {
    passFds,
    closeFds: checkCloseFds(options.closeFds, passFds),
    restoreSignals: checkFlag('restoreSignals', options.restoreSignals, true),
    newSession: checkFlag('startNewSession', options.startNewSession, false),
  };
  for (const name of ['stdin', 'stdout', 'stderr'] as const) {
    const leadsTo = checkStdio(name, options[name]);
    if (leadsTo !== null) spec[name] = leadsTo;
  }
  const env = checkEnvironment(options.env);
  if (env !== undefined) spec.env = env;
  const cwd = checkPath('cwd', options.cwd);
  if (cwd !== undefined) spec.cwd = cwd;
  const { pipesize, processGroup, umask, user, group, extraGroups } = options;
  if (pipesize != null && checkWhole('pipesize', pipesize, -1, MAX_INT32) > 0) spec.pipesize = pipesize;
  if (processGroup != null) spec.processGroup = checkWhole('processGroup', processGroup, 0, MAX_INT32);
  if (umask != null) spec.umask = checkWhole('umask', umask, 0, MAX_UMASK);
  if (user != null) spec.user = idOf('user', user, userId);
  if (group != null) spec.group = idOf('group', group, groupId);
  if (extraGroups != null) spec.extraGroups = checkGroups(extraGroups);
  return spec;
}

/** The options without those that B171 names, of which only the one possible value may be given. */
function refuse(options: ChildProcessOptions, method: 'subprocessExec' | 'subprocessShell'): unknown {
  if (typeof options !== 'object' || options === null) return options;
  const asked = options as Record<string, unknown>;
  const isShell = method === 'subprocessShell';
  if (asked.shell !== undefined && Boolean(asked.shell) !== isShell) {
    throw rangeError(
      `shell must be ${isShell}, got ${given(asked.shell)}: there are subprocessExec() and subprocessShell()`,
    );
  }
  let others = asked;
  for (const [name, isFine, expected] of REFUSED) {
    if (!(name in asked)) continue;
    const value = asked[name];
    if (value !== undefined && !isFine(value)) {
      throw rangeError(`${name} must be ${expected}, got ${given(value)}: a child's pipes are bytes`);
    }
    const { [name]: _, ...rest } = others;
    others = rest;
  }
  if (!('shell' in others)) return others;
  const { shell: _, ...rest } = others;
  return rest;
}

function checkPassFds(fds: unknown): number[] {
  if (typeof fds !== 'object' || fds === null || !(Symbol.iterator in fds)) {
    throw typeError(`passFds must be a list of descriptors, got ${given(fds)}`);
  }
  return Array.from(fds as Iterable<unknown>, (fd) =>
    descriptorNumber('passFds', fd, 'passFds must be a list of descriptors, or of what has one; it has'),
  );
}

function checkCloseFds(closeFds: unknown, passFds: readonly number[]): boolean {
  if (checkFlag('closeFds', closeFds, true)) return true;
  if (passFds.length === 0) return false;
  process.emitWarning('passFds overriding closeFds.', { type: 'RuntimeWarning', code: 'MIOLOOP_PASS_FDS' });
  return true;
}

function checkGroups(groups: unknown): number[] {
  if (typeof groups === 'string')
    throw rangeError(`extraGroups must be a list, not a string, got ${given(groups)}`);
  if (!Array.isArray(groups)) throw typeError(`extraGroups must be a list, got ${given(groups)}`);
  return groups.map((group) => idOf('an item of extraGroups', group, groupId));
}

/** The number of a user or a group, which `lookUp` knows by its name. */
function idOf(name: string, value: unknown, lookUp: (name: string) => number | null): number {
  if (typeof value === 'string') {
    const id = lookUp(value);
    if (id === null) throw rangeError(`${name}: name not found: ${given(value)}`);
    if (id < 0) throw systemError(-id, { syscall: lookUp === userId ? 'getpwnam_r' : 'getgrnam_r' });
    return id;
  }
  if (typeof value !== 'number')
    throw typeError(`${name} must be a string or an integer, got ${given(value)}`);
  if (value < 0) throw rangeError(`${name}: an ID cannot be negative, got ${value}`);
  // The last one means "unchanged" to the system.
  return checkWhole(name, value, 0, MAX_UINT32 - 1);
}

function isFalsy(value: unknown): boolean {
  return !value;
}

function isNothing(value: unknown): boolean {
  return value === null;
}
