// Everybody who watches one loop: debug mode, and instruments. The scheduler sees one observer, or none.
import { DebugObserver } from './debug-observer.js';
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Runnable } from './handle.js';
import { type Instrument, Instruments } from './instrument.js';
import type { Observer } from './observer.js';

/** Who watches a loop. @internal */
export class Observers {
  /** Debug mode's, while that is on. */
  debug: DebugObserver | null = null;
  readonly #loop: EventLoop;
  readonly #instruments: Instruments;

  constructor(loop: EventLoop) {
    this.#loop = loop;
    this.#instruments = new Instruments(loop);
  }

  setDebug(enabled: boolean): void {
    this.debug = enabled ? new DebugObserver(this.#loop) : null;
    this.#install();
  }

  add(instrument: Instrument): void {
    if (typeof instrument !== 'object' || instrument === null) {
      throw typeError(`an instrument is an object with methods, got ${given(instrument)}`);
    }
    this.#instruments.add(instrument);
    this.#install();
  }

  remove(instrument: Instrument): void {
    if (!this.#instruments.delete(instrument)) {
      throw rangeError('the instrument is not one of this loop: it was never added, or was removed');
    }
    this.#install();
  }

  /** Nobody is asked who does not watch: that is why it costs nothing. */
  #install(): void {
    const { scheduler } = this.#loop;
    const instruments = this.#instruments.size > 0 ? this.#instruments : null;
    this.#loop.instruments = instruments;
    scheduler.entrance = instruments ?? scheduler.ready;
    if (this.debug !== null && instruments !== null) scheduler.observer = new Both(this.debug, instruments);
    else scheduler.observer = this.debug ?? instruments;
  }
}

/** Debug mode's and the instruments'. What instruments take is not to count as the callback's. */
class Both implements Observer {
  readonly #inner: Observer;
  readonly #outer: Observer;

  constructor(inner: Observer, outer: Observer) {
    this.#inner = inner;
    this.#outer = outer;
  }

  beforePoll(way: number): void {
    this.#outer.beforePoll(way);
    this.#inner.beforePoll(way);
  }

  afterPoll(events: number): void {
    this.#inner.afterPoll(events);
    this.#outer.afterPoll(events);
  }

  before(subject: Runnable | object): void {
    this.#outer.before(subject);
    this.#inner.before(subject);
  }

  after(subject: Runnable | object): void {
    this.#inner.after(subject);
    this.#outer.after(subject);
  }
}
