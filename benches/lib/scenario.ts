/** The loads that peers get. */
import type { Bench } from './bench.js';
import { churnLoad, clientLoad, datagramLoad, echoLoad, streamLoad } from './loads.js';
import type { Service } from './peer.js';
import { foreignSignals, jobs, ownSignals, pipes, spawns } from './programs.js';
import type { Sample } from './sample.js';

export interface Scenario {
  name: string;
  /** Which part of the benchmarks it belongs to. */
  part: 'echo' | 'network' | 'system';
  /** What figures are given for each of. */
  unit: 'request' | 'datagram' | 'connection' | 'MiB' | 'child' | 'signal' | 'job';
  /** The programs that take part. */
  services: readonly Service[];
  /** Peers that take part, where not all that have the service do. */
  among?: readonly string[];
  measure(bench: Bench, command: readonly string[]): Promise<Sample>;
}

const KIB = 1024;

export const SCENARIOS: readonly Scenario[] = [
  echo('1x1KiB', 1, KIB),
  echo('100x1KiB', 100, KIB),
  echo('1000x1KiB', 1000, KIB),
  // Servers that read into buffers of their own take part: it only matters for large messages.
  { ...echo('100x100KiB', 100, 100 * KIB), services: ['echo', 'buffered'] },
  { ...echo('streams', 100, KIB), part: 'network', services: ['streams'] },
  { ...echo('sockets', 100, KIB), part: 'network', services: ['sockets'] },
  datagrams('datagrams', 64, 1),
  datagrams('datagrams-4', 16, 4),
  stream('sendfile', 'file'),
  stream('bulk', 'bulk'),
  {
    name: 'connections',
    part: 'network',
    unit: 'connection',
    services: ['echo'],
    among: ['mioloop', 'net', 'uvloop', 'mio'],
    measure: churnLoad({ connections: 32, size: 64 }),
  },
  { name: 'clients', part: 'network', unit: 'connection', services: ['client'], measure: clientLoad },
  { name: 'spawn', part: 'system', unit: 'child', services: ['spawn'], measure: spawns('plain') },
  { name: 'spawn-options', part: 'system', unit: 'child', services: ['spawn'], measure: spawns('options') },
  { name: 'pipe-echo', part: 'system', unit: 'MiB', services: ['pipes'], measure: pipes('echo') },
  { name: 'pipe-read', part: 'system', unit: 'MiB', services: ['pipes'], measure: pipes('read') },
  { name: 'signals-own', part: 'system', unit: 'signal', services: ['signals'], measure: ownSignals },
  { name: 'signals', part: 'system', unit: 'signal', services: ['signals'], measure: foreignSignals },
  { name: 'jobs', part: 'system', unit: 'job', services: ['jobs'], measure: jobs(1) },
  { name: 'jobs-16', part: 'system', unit: 'job', services: ['jobs'], measure: jobs(16) },
];

function echo(name: string, connections: number, size: number): Scenario {
  const measure = echoLoad({ connections, size });
  return { name, part: 'echo', unit: 'request', services: ['echo'], measure };
}

/** As many datagrams on the way in all, from few sockets or many. */
function datagrams(name: string, connections: number, depth: number): Scenario {
  const measure = datagramLoad({ connections, size: KIB, depth });
  return { name, part: 'network', unit: 'datagram', services: ['datagrams'], measure };
}

function stream(name: string, service: Service): Scenario {
  return { name, part: 'network', unit: 'MiB', services: [service], measure: streamLoad };
}

/** The scenarios of `--scenario`, all when it is empty; an unknown name is an Error. */
export function chooseScenarios(names: readonly string[]): Scenario[] {
  const unknown = names.find((name) => SCENARIOS.every((scenario) => scenario.name !== name));
  if (unknown !== undefined) {
    throw new Error(`no scenario ${unknown}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  }
  return SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name));
}
