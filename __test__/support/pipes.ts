// Pipes of the system: both ends as descriptors, and what is in one.

import { fstatSync, readFileSync, readSync } from 'node:fs';
import { makePipe as makeOwnedPipe } from './files.js';

/** Both ends of a new pipe, for others to close. */
export function makePipe(): [reader: number, writer: number] {
  const { reading, writing } = makeOwnedPipe();
  return [reading, writing];
}

/** What is in a pipe now, at most `most` bytes: waits when it is empty. */
export function readPipe(reader: number, most = 1 << 20): Buffer {
  const room = Buffer.alloc(most);
  return room.subarray(0, readSync(reader, room));
}

/** Whether a descriptor of this number is open. */
export function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

const O_NONBLOCK = 0o4000;

/** Whether an open file blocks; only Linux tells. */
export function blocks(fd: number): boolean {
  const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))!;
  return (Number.parseInt(flags!, 8) & O_NONBLOCK) === 0;
}
