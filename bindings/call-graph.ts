// Who awaits whom. asyncio 3.14: `capture_call_graph`, `print_call_graph`, `format_call_graph`.
import { currentTask } from './current-task.js';
import { given, RuntimeError, typeError } from './errors.js';
import { Future } from './future.js';
import { runningLoop } from './running.js';
import { formatFrames, type StackFrame, sourceOf } from './source-traceback.js';
import { Task } from './task.js';
import { taskFrames } from './task-frames.js';

/** Entries of a graph at most: who waits for a future of everybody's should not fill the memory. */
const ENTRIES = 1_000;

/** A future, its calls, and the futures and tasks that await it. asyncio: `FutureCallGraph`. */
export interface FutureCallGraph {
  readonly future: Future<unknown>;
  /**
   * The calls of a task, innermost first: all of the one that runs; of one that waits, all in debug mode, else only
   * its generator's line, where Node's inspector is there to tell it. Of a waiting async function nothing is known.
   */
  readonly callStack: readonly StackFrame[];
  /** Who made the future, innermost call first: in debug mode. */
  readonly creationStack: readonly StackFrame[];
  readonly awaitedBy: readonly FutureCallGraph[];
  /** Whether the future stands in the graph already, with its calls and with who awaits it. */
  readonly repeated: boolean;
  /** How many more await it, which the limit of 1,000 entries has left out. */
  readonly omitted: number;
}

/** Options of `captureCallGraph`. */
export interface CallGraphOptions {
  /** Calls to leave out at the inner end of the running task's stack, that of `captureCallGraph` included; 1. */
  depth?: number | undefined;
  /**
   * Entries of a stack at most: a positive number keeps the innermost ones, a negative one the outermost, 0 none;
   * null, the default, all.
   */
  limit?: number | null | undefined;
}

/** Options of `printCallGraph`. */
export interface PrintCallGraphOptions extends CallGraphOptions {
  /** Where to; stdout without one. asyncio: `file`. */
  stream?: { write(text: string): unknown } | undefined;
}

type Entry = { -readonly [Key in keyof FutureCallGraph]: FutureCallGraph[Key] } & { awaitedBy: Entry[] };

/**
 * Who awaits `future`, and who awaits those, and where they are. asyncio: `capture_call_graph`, `FutureCallGraph`.
 * Each future is expanded once, so the result is a finite tree even where tasks wait for each other.
 *
 * To find the line of a generator without debug mode takes some milliseconds.
 *
 * @param future the current task without one
 * @returns null when there is no future and no task runs.
 * @throws TypeError for what is no future, or a wrong option; RuntimeError `ERR_NO_RUNNING_LOOP` without a future
 * where no loop runs.
 * @example
 * const graph = captureCallGraph(task);
 * console.log(graph.callStack[0]?.line, graph.awaitedBy.map(({ future }) => String(future)));
 */
export function captureCallGraph(future: Future<unknown>, options?: CallGraphOptions): FutureCallGraph;
export function captureCallGraph(
  future?: Future<unknown> | null,
  options?: CallGraphOptions,
): FutureCallGraph | null;
export function captureCallGraph(
  future: Future<unknown> | null = null,
  options: CallGraphOptions = {},
): FutureCallGraph | null {
  const { depth = 1, limit = null } = options;
  if (!Number.isInteger(depth) || depth < 0) throw typeError(`depth must be a count, got ${given(depth)}`);
  if (limit !== null && !Number.isInteger(limit)) {
    throw typeError(`limit must be an integer or null, got ${given(limit)}`);
  }
  const start = future ?? current();
  if (start === null) return null;
  if (!(start instanceof Future)) throw typeError(`Future object expected, got ${given(start)}`);
  const entries = reach(start);
  if (limit !== 0) addStacks(entries, Math.max(depth - 1, 0), limit);
  return entries[0]!;
}

function current(): Task<unknown> | null {
  if (runningLoop() !== null) return currentTask();
  throw new RuntimeError(
    'captureCallGraph() is called outside of a running event loop and no future to introspect was provided',
    'ERR_NO_RUNNING_LOOP',
  );
}

/** Everything that waits for `start`, nearest first: an entry for each future, which holds the edges. */
function reach(start: Future<unknown>): Entry[] {
  const entries = [entryOf(start)];
  const seen = new Set([start]);
  let left = ENTRIES - 1;
  for (const entry of entries) {
    for (const awaiter of awaitersOf(entry.future)) {
      if (left === 0) {
        entry.omitted += 1;
        continue;
      }
      left -= 1;
      const next = entryOf(awaiter);
      next.repeated = seen.has(awaiter);
      entry.awaitedBy.push(next);
      if (next.repeated) continue;
      seen.add(awaiter);
      entries.push(next);
    }
  }
  return entries;
}

function awaitersOf(future: Future<unknown>): Set<Future<unknown>> {
  const awaiters = new Set<Future<unknown>>();
  for (const { awaiter } of future.getWaiters()) if (awaiter) awaiters.add(awaiter);
  return awaiters;
}

function entryOf(future: Future<unknown>): Entry {
  return { future, callStack: [], creationStack: [], awaitedBy: [], repeated: false, omitted: 0 };
}

function addStacks(entries: readonly Entry[], skipped: number, limit: number | null): void {
  const running = currentTaskOrNull();
  const tasks = entries.map(({ future }) => future).filter((future) => future instanceof Task);
  const frames = taskFrames(tasks);
  for (const entry of entries) {
    const { future } = entry;
    const calls = future instanceof Task ? frames.get(future)!.toReversed() : [];
    entry.callStack = limited(future === running ? calls.slice(skipped) : calls, limit);
    entry.creationStack = limited(sourceOf(future)?.toReversed() ?? [], limit);
  }
}

function currentTaskOrNull(): Task<unknown> | null {
  return runningLoop() === null ? null : currentTask();
}

/** Of calls from the innermost on: the first ones, or for a negative limit the last. */
function limited(frames: StackFrame[], limit: number | null): StackFrame[] {
  if (limit === null) return frames;
  return limit > 0 ? frames.slice(0, limit) : frames.slice(limit);
}

/**
 * `captureCallGraph` as text; empty where it gives null. asyncio: `format_call_graph`.
 *
 * @throws as `captureCallGraph`.
 * @example
 * logger.warn(`stuck:\n${formatCallGraph(task)}`);
 */
export function formatCallGraph(future?: Future<unknown> | null, options?: CallGraphOptions): string {
  const graph = captureCallGraph(future, options);
  if (graph === null) return '';
  const lines: string[] = [];
  render(graph, '', lines);
  return lines.join('\n');
}

/**
 * Writes `formatCallGraph()` to `stream`. asyncio: `print_call_graph`.
 *
 * @throws as `captureCallGraph`.
 * @example
 * setTimeout(() => { for (const task of allTasks(loop)) printCallGraph(task); }, 5_000);
 */
export function printCallGraph(future?: Future<unknown> | null, options: PrintCallGraphOptions = {}): void {
  const { stream = process.stdout, ...others } = options;
  const text = formatCallGraph(future, others);
  if (text !== '') stream.write(`${text}\n`);
}

function render(graph: FutureCallGraph, indent: string, lines: string[]): void {
  const { future, awaitedBy, omitted } = graph;
  lines.push(`${indent}* ${nameOf(future)}${graph.repeated ? ' (shown elsewhere)' : ''}`);
  renderFrames('Call stack', graph.callStack, indent, lines);
  renderFrames('Created at', graph.creationStack, indent, lines);
  if (awaitedBy.length === 0 && omitted === 0) return;
  lines.push(`${indent}  + Awaited by:`);
  for (const awaiter of awaitedBy) render(awaiter, `${indent}     `, lines);
  if (omitted > 0) lines.push(`${indent}     ... and ${omitted} more`);
}

function renderFrames(title: string, frames: readonly StackFrame[], indent: string, lines: string[]): void {
  if (frames.length === 0) return;
  lines.push(`${indent}  + ${title}:`);
  for (const line of formatFrames(frames).split('\n')) lines.push(`${indent}  | ${line}`);
}

function nameOf(future: Future<unknown>): string {
  const type = future.constructor.name;
  return future instanceof Task ? `${type}(name='${future.getName()}')` : type;
}
