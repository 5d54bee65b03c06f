/** What every part of a benchmark run works with. */
import type { Cores } from './affinity.js';
import type { Programs } from './cargo.js';
import type { Options } from './options.js';
import type { Peer } from './peer.js';

export interface Bench {
  options: Options;
  cores: Cores;
  programs: Programs;
  /** All that are present. */
  peers: readonly Peer[];
  /** Those that `--only` names. */
  contestants: readonly Peer[];
}
