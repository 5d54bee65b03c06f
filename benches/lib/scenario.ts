/** The loads that every peer gets. */

export interface Scenario {
  /** connections × size */
  name: string;
  connections: number;
  /** Bytes of a message. */
  size: number;
  /** Servers that read into buffers of their own take part: it only matters for large messages. */
  buffered: boolean;
}

const KIB = 1024;

export const SCENARIOS: readonly Scenario[] = [
  { name: '1x1KiB', connections: 1, size: KIB, buffered: false },
  { name: '100x1KiB', connections: 100, size: KIB, buffered: false },
  { name: '1000x1KiB', connections: 1000, size: KIB, buffered: false },
  { name: '100x100KiB', connections: 100, size: 100 * KIB, buffered: true },
];

/** The scenarios of `--scenario`, all when it is empty; an unknown name is an Error. */
export function chooseScenarios(names: readonly string[]): Scenario[] {
  const unknown = names.find((name) => SCENARIOS.every((scenario) => scenario.name !== name));
  if (unknown !== undefined) {
    throw new Error(`no scenario ${unknown}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  }
  return SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name));
}
