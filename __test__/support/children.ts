// Child processes in tests: a protocol that notes what it hears, and a check that none is left, dead or alive.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import {
  type Coroutine,
  type EventLoop,
  type Future,
  SubprocessProtocol,
  type SubprocessTransport,
} from 'mioloop';
// ava takes hooks only in one go: these come with those that look after descriptors.
import './leaks.js';

/** One that was killed is gone a little later; a zombie stays for good. */
const GIVE_UP_MS = 5_000;
const LOOK_AGAIN_MS = 5;

/** Notes what it hears of a child. */
export class ChildProbe extends SubprocessProtocol {
  transport!: SubprocessTransport;
  readonly events: string[] = [];
  /** What the child wrote, by descriptor. */
  readonly output = new Map<number, string>();
  /** Done when the connection is lost. */
  readonly lost: Future<void>;
  readonly #waiting: { condition: () => boolean; future: Future<void> }[] = [];

  constructor(readonly loop: EventLoop) {
    super();
    this.lost = loop.createFuture<void>();
  }

  /** Waits until `condition` holds behind some event. */
  *until(condition: () => boolean): Coroutine<void> {
    if (condition()) return;
    const future = this.loop.createFuture<void>();
    this.#waiting.push({ condition, future });
    yield* future;
  }

  /** Waits until it has heard `event`. */
  *hears(event: string): Coroutine<void> {
    yield* this.until(() => this.events.includes(event));
  }

  protected note(event: string): void {
    this.events.push(event);
    for (const { condition, future } of this.#waiting) if (!future.done() && condition()) future.setResult();
  }

  override connectionMade(transport: SubprocessTransport): void {
    this.transport = transport;
    this.note('made');
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    this.output.set(fd, (this.output.get(fd) ?? '') + data.toString());
    this.note(`data ${fd}`);
  }

  override pipeConnectionLost(fd: number, error: Error | null): void {
    this.note(`lost ${fd}${error === null ? '' : ` ${(error as NodeJS.ErrnoException).code}`}`);
  }

  override processExited(): void {
    this.note(`exited ${this.transport.getReturncode()}`);
  }

  override connectionLost(error: Error | null): void {
    this.note(`lost${error === null ? '' : ` ${error.message}`}`);
    this.lost.setResult();
  }

  override pauseWriting(): void {
    this.note('pause');
  }

  override resumeWriting(): void {
    this.note('resume');
  }
}

/** The children of this process, also the dead that nobody has reaped: number and state by the kernel's letter. */
export function children(): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      // It has ended meanwhile.
      continue;
    }
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(parent) === process.pid) found.set(Number(name), state!);
  }
  return found;
}

/** Waits, without the loop, until a child has ended: until it is a zombie, or reaped. */
export function waitForEnd(pid: number): void {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (!['Z', undefined].includes(children().get(pid))) Atomics.wait(nobody, 0, 0, 1);
}

/** The children that are there now and were not in `earlier`, once the killed have had time to end. */
export async function childrenSince(earlier: Map<number, string>): Promise<string[]> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const left = [...children()].filter(([pid]) => !earlier.has(pid));
    if (left.length === 0 || performance.now() > deadline)
      return left.map(([pid, state]) => `${pid} ${state}`);
    await wait(LOOK_AGAIN_MS);
  }
}

let before = new Map<number, string>();

test.serial.beforeEach(() => {
  before = children();
});

test.serial.afterEach.always('no child process is left, dead or alive', async (t) => {
  if (t.passed) t.deepEqual(await childrenSince(before), []);
});
