// Where things were made, in debug mode: the stack of the call, as frames. asyncio: `_source_traceback`.
import { fileURLToPath } from 'node:url';

/** One call of a stack. */
export interface StackFrame {
  /** The file, as a path or the URL of a module that is none. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The function's name; empty for the body of a module, and for a function without a name. */
  readonly functionName: string;
}

/** Calls that are kept of a stack. asyncio: `DEBUG_STACK_DEPTH`. */
const DEPTH = 10;
/** Calls of the package itself that may lie above the user's. */
const OWN_DEPTH = 15;
/** Calls that are looked through for those of one step. */
const STEP_DEPTH = 200;
/** Calls of the package below which nothing belongs to the task that runs. */
const STEP_ENDS = ['advance', 'drainMicrotasks'];

/** The folder of the package's code: its own calls are nobody's concern. */
const OWN_FOLDER = fileURLToPath(new URL('.', import.meta.url));

const sources = new WeakMap<object, StackFrame[]>();

/** Remembers who made `object`. @internal */
export function recordSource(object: object): void {
  sources.set(object, callStack());
}

/** Who made `object`, outermost call first, the caller's own line last; undefined without debug mode. @internal */
export function sourceOf(object: object): StackFrame[] | undefined {
  return sources.get(object);
}

/** The key of a report that tells who made `object`; no key without debug mode. @internal */
export function sourceKey(object: object): { sourceTraceback?: StackFrame[] } {
  const sourceTraceback = sourceOf(object);
  return sourceTraceback === undefined ? {} : { sourceTraceback };
}

/** The stack of the user's calls, outermost first. @internal */
export function callStack(): StackFrame[] {
  return usersOf(callSites(DEPTH + OWN_DEPTH)).slice(-DEPTH);
}

/** The calls of the task whose step it is, outermost first: not what lies below it. @internal */
export function stepStack(): StackFrame[] {
  const sites = callSites(STEP_DEPTH);
  const end = sites.findIndex(isStepEnd);
  if (end < 0) return usersOf(sites);
  // Those that wait for an async function that goes on are told behind everything else.
  return usersOf([...sites.slice(0, end), ...sites.slice(end).filter((site) => site.isAsync())]);
}

/** The frames of an error's stack, outermost first; read from its text, which is all that an error keeps. @internal */
export function errorFrames(error: unknown): StackFrame[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const frames = [...error.stack.matchAll(/^\s+at (?:(?:async )?(.*?) \()?(.*?):(\d+):(\d+)\)?$/gm)].map(
    ([, functionName = '', file = '', line, column]) =>
      frame(file, Number(line), Number(column), functionName),
  );
  return frames.filter(isUsers).reverse();
}

/** `(most recent call last)`, one line a frame. @internal */
export function formatFrames(frames: readonly StackFrame[]): string {
  return frames
    .map(
      ({ file, line, column, functionName }) =>
        `  at ${functionName || '<anonymous>'} (${file}:${line}:${column})`,
    )
    .join('\n');
}

/** ` created at file:line` for the text of an object, empty without debug mode. @internal */
export function createdAt(object: object): string {
  const last = sources.get(object)?.at(-1);
  return last === undefined ? '' : ` created at ${last.file}:${last.line}`;
}

function callSites(limit: number): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = limit;
    Error.prepareStackTrace = (_error, sites) => sites;
    Error.captureStackTrace(holder, callSites);
    return (holder.stack ?? []) as NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Error.prepareStackTrace = prepareStackTrace;
  }
}

function isStepEnd(site: NodeJS.CallSite): boolean {
  return STEP_ENDS.includes(site.getFunctionName() ?? '') && !isUsers(siteFrame(site));
}

/** The user's calls among `sites`, outermost first. */
function usersOf(sites: readonly NodeJS.CallSite[]): StackFrame[] {
  return sites.map(siteFrame).filter(isUsers).reverse();
}

function siteFrame(site: NodeJS.CallSite): StackFrame {
  const file = site.getFileName() ?? site.getEvalOrigin() ?? '';
  return frame(file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0, site.getFunctionName() ?? '');
}

/** A frame; undefined for one of the package itself. @internal */
export function userFrame(
  file: string,
  line: number,
  column: number,
  functionName: string,
): StackFrame | undefined {
  const made = frame(file, line, column, functionName);
  return isUsers(made) ? made : undefined;
}

function frame(file: string, line: number, column: number, functionName: string): StackFrame {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file;
  return { file: path, line, column, functionName };
}

function isUsers({ file }: StackFrame): boolean {
  return file !== '' && !file.startsWith(OWN_FOLDER) && !file.startsWith('node:');
}
