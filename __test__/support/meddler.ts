// Two connections whose data are read in one turn, where the one that is served first meddles with the other.

import { type Hall, turns } from './hall.js';
import { loopTurns } from './internals.js';
import type { Line } from './lockstep.js';
import { Probe } from './probe.js';
import { bytesOf } from './random.js';

/** Acts once, in the first dataReceived; `other` is the probe that has not been served in this turn. */
export class Meddler extends Probe {
  other!: Meddler;
  meddle: ((other: Meddler) => void) | undefined;
  readonly turnsOfData: number[] = [];

  override dataReceived(data: Buffer): void {
    this.turnsOfData.push(loopTurns(this.loop));
    super.dataReceived(data);
    const { meddle } = this;
    this.meddle = undefined;
    this.other.meddle = undefined;
    meddle?.(this.other);
  }
}

/** Two strangers and the meddlers that serve them. */
export interface Pair {
  hall: Hall<Meddler>;
  probes: [Meddler, Meddler];
  lines: [Line, Line];
}

/** Both act once by `meddle`: whichever is served first. */
export function* pairOf(hall: Hall<Meddler>, meddle?: (other: Meddler) => void) {
  const [first, firstLine] = yield* hall.join();
  const [second, secondLine] = yield* hall.join();
  first.other = second;
  second.other = first;
  first.meddle = meddle;
  second.meddle = meddle;
  const pair: Pair = { hall, probes: [first, second], lines: [firstLine, secondLine] };
  return pair;
}

/**
 * Delivers to both while the loop stands still, so that the next turn reads both; returns, when the first has been served,
 * which one it was and what the other was told.
 */
export function* bothAtOnce({ probes, lines }: Pair, contents: [Buffer, Buffer]) {
  lines[0].deliver(contents[0]);
  lines[1].deliver(contents[1]);
  yield* turns(1);
  while (probes.every(({ received }) => received === 0)) yield* turns(1);
  const served = probes[0].received > 0 ? 0 : 1;
  const left = 1 - served;
  return {
    served: probes[served]!,
    left: probes[left]!,
    content: contents[left]!,
    line: lines[left]!,
  };
}

/** What each stranger says. */
export const WORDS: [Buffer, Buffer] = [bytesOf(1, 5000), bytesOf(2, 6000)];
