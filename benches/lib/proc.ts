/** What `/proc` tells of another process; null where there is none. */
import { readdirSync, readFileSync } from 'node:fs';

/** User and system time of all living threads, in seconds. */
export function cpuSeconds(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      return Number(text.split(' ')[0]);
    });
    return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e9;
  } catch {
    return null;
  }
}

/** Resident memory in bytes: user memory only, the kernel's socket buffers are not in it. */
export function residentBytes(pid: number): number | null {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}

/** Descriptors that this process, and so its children, may open. */
export function descriptorLimit(): number {
  try {
    const match = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return match === null ? 256 : Number(match[1]);
  } catch {
    return 256;
  }
}
