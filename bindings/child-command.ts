// What a child process is to run, and in which environment, as bytes for the system.
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { given, rangeError, typeError } from './errors.js';

/** A file or a folder: text, bytes or a `file:` URL. */
export type FilePath = string | Uint8Array | URL;
/** The program of a child: a path, or a name that is looked for in `PATH`. */
export type Program = FilePath;
/** An argument of a child's program. */
export type ProgramArgument = string | Uint8Array;

/** Ends a string of the system's. */
const NUL = '\0';
/** What the main thread has is the process's own environment; a worker has a copy. */
const own = isMainThread ? process.env : null;

/**
 * A program and its arguments: the strings that it is given, the first of which is itself.
 * @throws TypeError, RangeError for a NUL inside.
 * @internal
 */
export function checkCommand(
  program: unknown,
  args: unknown,
): [program: ProgramArgument, ...ProgramArgument[]] {
  if (!Array.isArray(args)) {
    throw typeError(`the arguments of a program must be an array, got ${given(args)}`);
  }
  return [
    checkArgument(program instanceof URL ? pathOf('program', program) : program),
    ...args.map(checkArgument),
  ];
}

/** The command of a shell. @throws TypeError, RangeError for a NUL inside. @internal */
export function checkShellCommand(cmd: unknown): ProgramArgument {
  if (isBytes(cmd)) return checkBytes('cmd', cmd);
  throw typeError(`cmd must be a string, got ${given(cmd)}`);
}

/** A path; undefined where there is none. @throws TypeError, RangeError for a NUL inside. @internal */
export function checkPath(name: string, path: unknown): Buffer | undefined {
  if (path === undefined || path === null) return undefined;
  const bytes = path instanceof URL ? pathOf(name, path) : path;
  if (isBytes(bytes)) return Buffer.from(checkBytes(name, bytes) as string);
  throw typeError(`${name} must be a string, a Uint8Array or a file: URL, got ${given(path)}`);
}

/**
 * An environment as the system takes it; undefined for the process's own, which the addon reads much faster.
 * @throws TypeError for a value that is neither a string nor undefined, RangeError for a name with `=` and for a NUL inside.
 * @internal
 */
export function checkEnvironment(env: unknown): Buffer | undefined {
  if (env === undefined || env === null) {
    if (process.env === own) return undefined;
    return stringList(Object.entries(process.env).map(([name, value]) => `${name}=${value}`));
  }
  if (typeof env !== 'object' || Array.isArray(env)) {
    throw typeError(`env must be an object of strings, got ${given(env)}`);
  }
  // A value that is undefined is none, as in Node: `{ ...process.env, DEBUG: undefined }` leaves DEBUG out.
  const present = Object.entries(env).filter(([, value]) => value !== undefined);
  return stringList(present.map(([name, value]) => variable(name, value)));
}

/** Strings as the addon takes several. @internal */
export function stringList(strings: readonly ProgramArgument[]): Buffer {
  if (strings.every((string) => typeof string === 'string')) {
    return Buffer.from(strings.map((string) => string + NUL).join(''));
  }
  return Buffer.concat(strings.flatMap((string) => [Buffer.from(string as string), Buffer.from(NUL)]));
}

function pathOf(name: string, url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url);
  throw typeError(`${name} must be a path or a file: URL, got ${url.href}`);
}

function variable(name: string, value: unknown): string {
  if (name === '' || name.includes('=')) {
    throw rangeError(`illegal environment variable name: ${JSON.stringify(name)}`);
  }
  if (typeof value !== 'string') {
    throw typeError(
      `env.${name} must be a string, got ${given(value)}: leave it out, or make a string of it`,
    );
  }
  return checkBytes(`env.${name}`, `${name}=${value}`) as string;
}

function checkArgument(value: unknown): ProgramArgument {
  if (isBytes(value)) return checkBytes('a program argument', value);
  throw typeError(`program arguments must be a bytes or text string, not ${given(value)}`);
}

function isBytes(value: unknown): value is ProgramArgument {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function checkBytes<B extends ProgramArgument>(name: string, value: B): B {
  const isCut = typeof value === 'string' ? value.includes(NUL) : value.includes(0);
  if (isCut) throw rangeError(`embedded null byte in ${name}: ${given(String(value))}`);
  return value;
}
