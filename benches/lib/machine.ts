/** What the figures depend on, for the report. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release } from 'node:os';

/** Above this, others use the machine. */
const QUIET_LOAD = 0.5;

export interface Machine {
  cpu: string;
  cores: number;
  kernel: string;
  node: string;
  v8: string;
  /** TCP's congestion control, which even a loopback has; empty where it can't be read. */
  tcp: string;
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
    tcp: congestionControl(),
    load: loadavg()[0] ?? 0,
  };
}

function congestionControl(): string {
  try {
    return readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8').trim();
  } catch {
    return '';
  }
}

export function machineText({ cpu, cores, kernel, node, tcp, load }: Machine): string {
  const noise = load > QUIET_LOAD ? `; load ${load.toFixed(2)} at the start: OTHERS USE THIS MACHINE` : '';
  const congestion = tcp === '' ? '' : `, TCP ${tcp}`;
  return `${cpu}, ${cores} cores, ${kernel}${congestion}, Node ${node}${noise}`;
}
