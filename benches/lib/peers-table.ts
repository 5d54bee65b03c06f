/** What several do, side by side: a row is a target, a column who did it. */
import type { Figure, Peer } from './figure.js';
import { figure, table } from './table.js';

const COLUMNS: Record<Peer, string> = {
  generator: 'mioloop, generator',
  'async function': 'mioloop, async function',
  asyncio: 'asyncio',
  uvloop: 'uvloop',
  promises: "Node's promises",
};

/** Null without such figures. */
export function peersTable(figures: readonly Figure[]): string | null {
  const rows = new Map<string, string[]>();
  for (const { target, value, unit, peer } of figures) {
    if (peer === undefined) continue;
    const row = rows.get(target) ?? [target, unit];
    row[2 + Object.keys(COLUMNS).indexOf(peer)] = value === null ? '–' : figure(value);
    rows.set(target, row);
  }
  if (rows.size === 0) return null;
  return table(['what', 'unit', ...Object.values(COLUMNS)], [...rows.values()]);
}
