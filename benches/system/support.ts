/** What the programs of this folder share: each measures itself and prints one line of JSON. */

/** What the driver reads. */
export interface Report {
  /** Of the measured part. */
  seconds: number;
  /** User and system time of this process, without its children's. */
  cpuUs: number;
  /** Of each unit of work, where that is a figure of its own. */
  latenciesUs?: readonly number[];
  /** Of bytes that came through. */
  bytes?: number;
  /** When signals came: nanoseconds of the monotonic clock. */
  arrivals?: readonly number[];
}

/** Time and CPU from its making to the report. */
export class Meter {
  readonly #cpu = process.cpuUsage();
  readonly #start = performance.now();
  readonly #latenciesUs: number[] = [];

  /** A unit of work that began at `begin`, of `performance.now()`, ends here. */
  lap(begin: number): void {
    this.#latenciesUs.push((performance.now() - begin) * 1_000);
  }

  report(rest: Partial<Report> = { latenciesUs: this.#latenciesUs }): Report {
    const seconds = (performance.now() - this.#start) / 1_000;
    const { user, system } = process.cpuUsage(this.#cpu);
    return { seconds, cpuUs: user + system, ...rest };
  }
}

export function tell(report: Report): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** The counts that stand at the end of the arguments. */
export function counts(args: readonly string[]): [warmup: number, count: number] {
  const [warmup, count] = args.slice(-2).map(Number);
  return [warmup!, count!];
}
