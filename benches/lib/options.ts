/** The command line of `run.ts`. */
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench -- [options]
  --smoke             correct bytes from every peer that is present, no figures, no network
  --echo              the echo benchmarks; with --network, --system and --micro, which can be combined, only these parts
  --network           streams, raw sockets, datagrams, files, long streams and many connections
  --system            child processes, pipes, signals and executors
  --micro             the micro benchmarks
  --soak              what must hold for long or for many: connections, children, signals, jobs; nothing else
  --only a,b          only these peers or micro benchmarks ("mioloop" also means "mioloop-hosted", ...)
  --scenario a,b      only these scenarios; an unknown one lists them
  --rounds N          rounds of every scenario (5)
  --seconds S         measured window of a run (2)
  --warmup S          load before the window (1)
  --isolated          at the highest priority, on a loopback of its own with plain TCP; for root, on Linux
  --publish           also write docs/performance.svg and docs/performance.json`;

export interface Options {
  smoke: boolean;
  /** The parts to run. */
  echo: boolean;
  network: boolean;
  system: boolean;
  micro: boolean;
  /** Instead of the parts. */
  soak: boolean;
  /** Empty: all. */
  only: string[];
  /** Empty: all. */
  scenarios: string[];
  rounds: number;
  /** Seconds. */
  window: number;
  /** Seconds. */
  warmup: number;
  isolated: boolean;
  publish: boolean;
}

/** Throws an Error with a text for the user when an option is unknown or has no sense. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      smoke: { type: 'boolean', default: false },
      micro: { type: 'boolean', default: false },
      echo: { type: 'boolean', default: false },
      network: { type: 'boolean', default: false },
      system: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
      isolated: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      scenario: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      warmup: { type: 'string', default: '1' },
    },
  });
  const all = !values.echo && !values.network && !values.system && !values.micro;
  return {
    smoke: values.smoke,
    echo: values.echo || all,
    network: values.network || all,
    system: values.system || all,
    micro: values.micro || all,
    soak: values.soak,
    isolated: values.isolated,
    publish: values.publish,
    only: list(values.only),
    scenarios: list(values.scenario),
    rounds: positive('--rounds', values.rounds),
    window: positive('--seconds', values.seconds),
    warmup: positive('--warmup', values.warmup),
  };
}

/** Whether `--only` wants `name`: all when it is empty, else by its name or by what stands before a dash. */
export function isWanted(only: readonly string[], name: string): boolean {
  return only.length === 0 || only.some((wanted) => name === wanted || name.startsWith(`${wanted}-`));
}

function list(text: string): string[] {
  return text.split(',').filter((part) => part !== '');
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} takes a positive number, got ${text}`);
  return value;
}
