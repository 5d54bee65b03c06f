// After each test: every loop it made is closed, and the process has the descriptors that it had before.
// Importing this file installs the hooks. Descriptors belong to the process, so tests are `test.serial`.

import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { type EventLoop, newEventLoop } from 'mioloop';
// Loaded here because ava takes hooks and tests only in one go, and that file has a top-level await.
import './internals.js';

/** Descriptors of handles that libuv closes go a little later; a leak stays for good. */
const GIVE_UP_MS = 5_000;
const LOOK_AGAIN_MS = 5;

const DESCRIPTORS = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';

let before = new Map<string, string>();
let loops: EventLoop[] = [];
let peers: (() => Promise<unknown>)[] = [];

// libuv makes its signal pipe at the first signal handler or child and keeps it: that is no leak.
const nothing = (): void => undefined;
process.on('SIGUSR2', nothing);
process.off('SIGUSR2', nothing);

/** Hands `loop` to the check at the test's end. */
export function watched<L extends EventLoop>(loop: L): L {
  loops.push(loop);
  return loop;
}

/** A new loop; the test fails unless it closes it. */
export function freshLoop(): EventLoop {
  return watched(newEventLoop());
}

/** Closes a peer at the test's end, so that a test that fails half-way leaves none that keeps the process alive. */
export function closedAtEnd(close: () => Promise<unknown>): void {
  peers.push(close);
}

/** Open descriptors and what they are. */
export function descriptors(): Map<string, string> {
  const open = new Map<string, string>();
  for (const fd of readdirSync(DESCRIPTORS)) {
    try {
      open.set(fd, readlinkSync(`${DESCRIPTORS}/${fd}`));
    } catch {
      // The directory's own descriptor is listed, and closed by now.
    }
  }
  return open;
}

/** What is open now and was not in `earlier`, once libuv has had time to close what it closes. */
export async function leakedSince(earlier: Map<string, string>): Promise<string[]> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const leaked = [...descriptors()].filter(([fd, target]) => earlier.get(fd) !== target);
    if (leaked.length === 0 || performance.now() > deadline) {
      return leaked.map(([fd, target]) => `${fd} → ${target}`);
    }
    await wait(LOOK_AGAIN_MS);
  }
}

test.serial.beforeEach(() => {
  loops = [];
  peers = [];
  before = descriptors();
});

test.serial.afterEach.always('no loop and no descriptor is left open', async (t) => {
  await Promise.all(peers.map((close) => close()));
  // What a failed test leaves behind says nothing more.
  if (!t.passed) return;
  t.is(loops.filter((loop) => !loop.isClosed()).length, 0, 'a loop was left open');
  t.deepEqual(await leakedSince(before), [], 'descriptors were left open');
});
