/** Runs `mioloop-loadgen` and reads its report. */
import { Child } from './child.js';

/** Over the time that a run takes by its options: connecting and draining. */
const SLACK_MS = 30_000;

export interface Load {
  /** Messages over lasting connections (the default), over UDP, over a connection each, or one long stream. */
  mode?: 'echo' | 'datagrams' | 'churn' | 'sink';
  connections?: number;
  /** Bytes of a message. */
  size?: number;
  /** Seconds of the measured window, or the limit of a run by `requests` or `bytes`. */
  seconds: number;
  /** Seconds. */
  warmup?: number;
  /** Stops after as many requests, and checks the end of each stream. */
  requests?: number;
  /** Messages on the way per connection. */
  depth?: number;
  /** Addresses that connections come from; 0, the default, leaves it to the system. */
  sources?: number;
  /** Of a long stream. */
  bytes?: number;
  /** Of a stream before the measured one. */
  warmupBytes?: number;
  /** The stream is sent to the server, which echoes it. */
  feed?: boolean;
  /** A slow reader pauses after as many bytes. */
  burst?: number;
  /** Seconds. */
  pause?: number;
}

export interface LoadReport {
  requests: number;
  bytes: number;
  seconds: number;
  requestsPerSecond: number;
  /** Datagrams that were sent again. */
  resent: number;
  p50Us: number;
  p99Us: number;
  maxUs: number;
  /** CPU of the server in the window; null where there is no `/proc`. */
  serverCpuUs: number | null;
  errors: number;
}

/** Rejects when a byte was wrong, missing or too many. */
export async function runLoad(
  program: string,
  core: number | null,
  server: { port: number; pid: number },
  { mode = 'echo', ...load }: Load,
): Promise<LoadReport> {
  const options = { port: server.port, serverPid: server.pid, ...load };
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [optionName(name)] : [optionName(name), String(value)],
  );
  if (mode !== 'echo') args.unshift(`--${mode}`);
  const child = new Child(core, [program, ...args]);
  const limitMs = (load.seconds + (load.warmup ?? 0)) * 1_000 + SLACK_MS;
  try {
    const report = JSON.parse(`{${await child.line('{', limitMs)}`) as LoadReport;
    const code = await child.ended(limitMs);
    if (code !== 0) throw new Error(`loadgen saw ${report.errors} errors: ${child.complaint}`);
    return report;
  } finally {
    await child.stop();
  }
}

/** `serverPid` → `--server-pid`. */
function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Sends SIGUSR2 to a process, `requests` times, and SIGHUP behind them: when, in nanoseconds of the monotonic clock. */
export async function sendSignals(
  program: string,
  core: number | null,
  serverPid: number,
  { requests, pause }: { requests: number; pause: number },
): Promise<number[]> {
  const options = { serverPid, requests, pause };
  const args = Object.entries(options).flatMap(([name, value]) => [optionName(name), String(value)]);
  const child = new Child(core, [program, '--signals', ...args]);
  const limitMs = requests * pause * 1_000 + SLACK_MS;
  try {
    const { sent } = JSON.parse(await child.line('', limitMs)) as { sent: number[] };
    return sent;
  } finally {
    await child.stop();
  }
}

/** Opens idle connections for the time of `use`. */
export async function withIdleConnections<T>(
  program: string,
  core: number | null,
  port: number,
  connections: number,
  use: () => Promise<T>,
): Promise<T> {
  const args = ['--idle', '--port', String(port), '--connections', String(connections)];
  const child = new Child(core, [program, ...args]);
  try {
    await child.line('{"connections"', SLACK_MS);
    return await use();
  } finally {
    await child.stop();
  }
}
