/** The command line of `run.ts`. */
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench -- [options]
  --smoke             correct bytes from every peer that is present, no figures, no network
  --micro             only the micro benchmarks
  --echo              only the echo benchmarks
  --only a,b          only these peers or micro benchmarks ("mioloop" also means "mioloop-hosted", ...)
  --scenario a,b      only these scenarios (1x1KiB, 100x1KiB, 1000x1KiB, 100x100KiB)
  --rounds N          rounds of every scenario (5)
  --seconds S         measured window of a run (2)
  --warmup S          load before the window (1)
  --publish           also write docs/performance.svg and docs/performance.json`;

export interface Options {
  smoke: boolean;
  micro: boolean;
  echo: boolean;
  /** Empty: all. */
  only: string[];
  /** Empty: all. */
  scenarios: string[];
  rounds: number;
  /** Seconds. */
  window: number;
  /** Seconds. */
  warmup: number;
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
      publish: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      scenario: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      warmup: { type: 'string', default: '1' },
    },
  });
  return {
    smoke: values.smoke,
    micro: values.micro || !values.echo,
    echo: values.echo || !values.micro,
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
