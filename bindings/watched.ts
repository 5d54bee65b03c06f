// A descriptor of the user's that the loop watches: its reader and its writer (`addReader`, `addWriter`), and those
// who wait in operations of its socket. There is one for each descriptor, because the system takes each only once.
import { constants } from 'node:os';
import type { EventLoop } from './event-loop.js';
import type { Handle } from './handle.js';
import { READY_READ, READY_WRITE, SUBMIT_ARM } from './native/layout.js';
import type { Source } from './scheduler.js';
import { SocketLine } from './socket-line.js';
import { type SystemError, systemError } from './system-error.js';

/** What fails when a descriptor can't be watched. */
const WATCH_CALL = process.platform === 'linux' ? 'epoll_ctl' : 'kevent';

/** What a descriptor is watched for. @internal */
export type Direction = typeof READY_READ | typeof READY_WRITE;

/** One watched descriptor. @internal */
export class Watched implements Source {
  readonly loop: EventLoop;
  readonly fd: number;
  generation = 0;
  /** Its socket while there is a handle: it must not be collected, and closed, before its handle is removed. */
  socket: object | null = null;
  private readonly receivers = new SocketLine();
  private readonly senders = new SocketLine();
  private slot = -1;
  /** What the core watches for: bits of READY_…. */
  private interest = 0;
  private reader: Handle | null = null;
  private writer: Handle | null = null;
  /** The turns in which they were set: what was found before is not for them. */
  private readerTurn = -1;
  private writerTurn = -1;
  /** Operations of its socket have waited here: it stays watched, so that they need not ask again and again. */
  isKept = false;
  /** Of its socket, where that is known. */
  private closing: Set<() => void> | null = null;
  private readonly onEnd: (watched: Watched) => void;

  constructor(loop: EventLoop, fd: number, onEnd: (watched: Watched) => void) {
    this.loop = loop;
    this.fd = fd;
    this.onEnd = onEnd;
  }

  /** Whether the core watches it. */
  get isOpen(): boolean {
    return this.slot >= 0;
  }

  /**
   * Watches for `direction`, too, from now on. False when the descriptor was closed without a word and its number is
   * another one's by now. Throws the system's error.
   */
  open(direction: Direction): boolean {
    const { native } = this.loop.scheduler.core;
    const interest = this.needed() | direction;
    if (this.isOpen) {
      const errno = native.rearm(this.slot, this.generation, interest);
      if (errno !== 0) {
        this.end();
        return false;
      }
    } else {
      const opened = native.watch(this.fd, interest);
      if (typeof opened === 'number') throw watchError(opened, this.fd);
      this.slot = opened.slot;
      this.generation = opened.generation;
      this.loop.scheduler.attach(this.slot, this);
      this.loop.scheduler.open.watched += 1;
    }
    this.interest = interest;
    return true;
  }

  /** Whether its descriptor is watched still; else it was closed without a word, and this ends. */
  isThere(): boolean {
    if (!this.isOpen) return false;
    const { native } = this.loop.scheduler.core;
    if (native.rearm(this.slot, this.generation, this.interest) === 0) return true;
    this.end();
    return false;
  }

  /** Those who wait for `direction`. */
  lineOf(direction: Direction): SocketLine {
    return direction === READY_READ ? this.receivers : this.senders;
  }

  /** Sets the handle for `direction`, in place of the one before. It has been opened for that. */
  set(direction: Direction, handle: Handle): void {
    const { turns } = this.loop.scheduler;
    if (direction === READY_READ) {
      this.reader?.cancel();
      this.reader = handle;
      this.readerTurn = turns;
    } else {
      this.writer?.cancel();
      this.writer = handle;
      this.writerTurn = turns;
    }
  }

  /** Removes the handle for `direction`; whether there was one. */
  remove(direction: Direction): boolean {
    const handle = direction === READY_READ ? this.reader : this.writer;
    if (handle === null) return false;
    handle.cancel();
    if (direction === READY_READ) this.reader = null;
    else this.writer = null;
    if (this.reader === null && this.writer === null) this.socket = null;
    this.release();
    return true;
  }

  /** Watches for no more than is needed now. */
  release(): void {
    if (!this.isOpen) return;
    const needed = this.needed();
    if (needed === 0) this.end();
    else if (needed !== this.interest) this.arm(needed);
  }

  /** Ends when its socket is closed, or somebody else's: `closing` is the socket's. */
  endWith(closing: Set<() => void>): void {
    this.closing = closing;
    closing.add(this.end);
  }

  /** Whether `closing` is of its socket. */
  endsWith(closing: Set<() => void>): boolean {
    return this.closing === closing;
  }

  /** Watches for `direction`, too, from the next poll on. */
  want(direction: Direction): void {
    if ((this.interest & direction) === 0) this.arm(this.interest | direction);
  }

  /** Lets the next poll tell whether it is ready for `direction`, also when that has not changed. */
  askAgain(direction: Direction): void {
    if (this.isOpen) this.arm(this.interest | direction);
  }

  /** @internal It is ready. As often as it is, where there is a handle; else when that changes. */
  complete(_kind: number, _offset: number, _length: number, ready: number): void {
    const { scheduler } = this.loop;
    const { turns } = scheduler;
    const [reads, writes] = [(ready & READY_READ) !== 0, (ready & READY_WRITE) !== 0];
    if (reads) this.receivers.wake();
    if (writes) this.senders.wake();
    try {
      if (reads && this.reader !== null && this.readerTurn !== turns) scheduler.dispatch(this.reader);
      if (writes && this.writer !== null && this.writerTurn !== turns) scheduler.dispatch(this.writer);
    } finally {
      // An error that ends the run leaves the writer for the next one.
      const needed = this.needed();
      const isLevel = this.reader !== null || this.writer !== null;
      if (this.isOpen && (isLevel || (this.interest & ~needed) !== 0)) this.arm(needed);
    }
  }

  /** Ends watching. Those who wait look at their socket once more, and find it closed. */
  readonly end = (): void => {
    const { slot } = this;
    this.forget();
    this.receivers.wakeAll();
    this.senders.wakeAll();
    this.onEnd(this);
    if (slot < 0) return;
    const { scheduler } = this.loop;
    scheduler.detach(slot, this);
    scheduler.open.watched -= 1;
    scheduler.core.native.closeSource(slot, this.generation);
  };

  /** The loop is closed. */
  forget(): void {
    this.slot = -1;
    this.interest = 0;
    this.isKept = false;
    this.closing?.delete(this.end);
    this.closing = null;
    this.socket = null;
    this.reader?.cancel();
    this.reader = null;
    this.writer?.cancel();
    this.writer = null;
  }

  private needed(): number {
    const reads = this.reader !== null || this.isKept || this.receivers.size > 0;
    const writes = this.writer !== null || this.senders.size > 0;
    return (reads ? READY_READ : 0) | (writes ? READY_WRITE : 0);
  }

  private arm(interest: number): void {
    this.interest = interest;
    this.loop.scheduler.core.submit(SUBMIT_ARM, this.slot, this.generation, 0, interest);
  }
}

function watchError(errno: number, fd: number): SystemError {
  const error = systemError(errno, { syscall: WATCH_CALL });
  if (errno === constants.errno.EPERM) {
    error.message += `: descriptor ${fd} can't be watched: a regular file or a folder is always ready`;
  }
  return error;
}
