/** One core for the server, another for its clients. */
import { readFileSync } from 'node:fs';
import { tryOutput } from './command.js';

/** Where the two sides of a run are pinned; null when they are not. */
export interface Cores {
  server: number | null;
  client: number | null;
  /** For the report: the cores, or why there is no pinning. */
  text: string;
}

export async function chooseCores(): Promise<Cores> {
  const unpinned = (why: string): Cores => ({ server: null, client: null, text: `not pinned: ${why}` });
  if ((await tryOutput('taskset', ['--version'])) === null) return unpinned('taskset is missing');
  const allowed = allowedCores();
  const server = allowed.at(-1);
  const others = allowed.filter((core) => core !== server);
  if (server === undefined || others.length === 0) return unpinned('only one core');
  const siblings = threadSiblings(server);
  const separate = others.find((core) => !siblings.includes(core));
  const client = separate ?? others[0]!;
  const shared = separate === undefined && siblings.length > 1 ? ' (two threads of one physical core)' : '';
  return { server, client, text: `server on core ${server}, clients on core ${client}${shared}` };
}

/** `program` and `args` so that the process runs on `core` only; its pid stays that of the program. */
export function pinned(core: number | null, command: readonly string[]): [program: string, args: string[]] {
  const [program, ...args] = [...pinning(core), ...command];
  return [program!, args];
}

/** What stands before a command to pin it; nothing for null. */
export function pinning(core: number | null): string[] {
  return core === null ? [] : ['taskset', '-c', String(core)];
}

function allowedCores(): number[] {
  const status = read('/proc/self/status');
  return parseCoreList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '');
}

function threadSiblings(core: number): number[] {
  return parseCoreList(read(`/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`));
}

/** `0-2,5` → 0, 1, 2, 5. */
function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
