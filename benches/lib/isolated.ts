/** A run that others on the machine disturb as little as root can manage. */
import { spawnSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/**
 * A loopback of its own, where TCP has its plainest congestion control: BBR, which some systems have for all, paces even
 * a loopback, and then long streams measure that.
 */
const SETUP = 'ip link set lo up && sysctl -qw net.ipv4.tcp_congestion_control=reno && exec "$@"';

/** Runs this program once more, with `args`, at the highest priority and in a network namespace; its exit code. */
export function runIsolated(args: readonly string[]): number {
  setPriority(constants.priority.PRIORITY_HIGHEST);
  const program = [process.execPath, process.argv[1]!, ...args];
  const { status, error } = spawnSync('unshare', ['--net', 'sh', '-c', SETUP, 'sh', ...program], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}
