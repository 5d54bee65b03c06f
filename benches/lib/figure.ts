/** One measured figure, as a micro benchmark tells it to the driver. */

export type Limit = { atMost: number } | { atLeast: number };

export interface Figure {
  target: string;
  /** Null when it could not be measured. */
  value: number | null;
  unit: string;
  /** Null: for information. */
  limit: Limit | null;
  /** Who did it, where several do the same: figures with one target are a row of a table. */
  peer?: Peer;
}

/** The columns of what several do. */
export type Peer = 'generator' | 'async function' | 'asyncio' | 'uvloop' | 'promises';

/** Called by the scripts of `micro/`: one line of JSON on stdout. */
export function emit(target: string, value: number, unit: string, limit: Limit | null = null): void {
  process.stdout.write(`${JSON.stringify({ target, value, unit, limit } satisfies Figure)}\n`);
}

/** `emit` for what several do. */
export function emitFor(
  peer: Peer,
  target: string,
  value: number,
  unit: string,
  limit: Limit | null = null,
): void {
  process.stdout.write(`${JSON.stringify({ target, value, unit, limit, peer } satisfies Figure)}\n`);
}
