/** What the figures depend on, for the report. */
import { availableParallelism, cpus, loadavg, release } from 'node:os';

/** Above this, others use the machine. */
const QUIET_LOAD = 0.5;

export interface Machine {
  cpu: string;
  cores: number;
  kernel: string;
  node: string;
  v8: string;
  /** One-minute load when the run began. */
  load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? process.arch,
    cores: availableParallelism(),
    kernel: `${process.platform} ${release()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    load: loadavg()[0] ?? 0,
  };
}

export function machineText({ cpu, cores, kernel, node, load }: Machine): string {
  const noise = load > QUIET_LOAD ? `; load ${load.toFixed(2)} at the start: OTHERS USE THIS MACHINE` : '';
  return `${cpu}, ${cores} cores, ${kernel}, Node ${node}${noise}`;
}
