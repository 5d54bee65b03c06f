// The orders of a worker, one after another: the next begins when the one before is answered.
import type { Order } from './executor-wire.js';
import type { JobRunner } from './job-runner.js';

/** @internal */
export class OrderLine {
  readonly #runner: JobRunner;
  readonly #leave: () => void;
  /** What came while a job ran. */
  readonly #waiting: Exclude<Order, { kind: 'none' }>[] = [];
  #busy = false;

  constructor(runner: JobRunner, leave: () => void) {
    this.#runner = runner;
    this.#leave = leave;
  }

  push(order: Order): void {
    if (order.kind === 'none') return;
    if (this.#busy) this.#waiting.push(order);
    else this.#begin(order);
  }

  #begin(order: Exclude<Order, { kind: 'none' }>): void {
    if (order.kind === 'end') {
      this.#leave();
      return;
    }
    this.#busy = true;
    const going = this.#runner.run(order);
    if (going === null) this.#next();
    else void going.then(() => this.#next());
  }

  #next(): void {
    this.#busy = false;
    const order = this.#waiting.shift();
    if (order !== undefined) this.#begin(order);
  }
}
