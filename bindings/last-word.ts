// What a worker of an executor says when it ends though nobody told it to.
import type { Answer } from './executor-wire.js';
import { packError } from './packed-error.js';

type Dying = Extract<Answer, { kind: 'dying' }>;

/** Said once, whatever ends the worker: an error that nobody caught, or `process.exit`. @internal */
export class LastWord {
  /** There is nothing more to say about its end. */
  isSaid = false;

  constructor(say: (answer: Dying) => void) {
    const sayOnce = (error: Dying['error'], exitCode: number | null): void => {
      if (this.isSaid) return;
      this.isSaid = true;
      say({ kind: 'dying', error, exitCode });
    };
    process.on('uncaughtExceptionMonitor', (error) => sayOnce(packError(error), null));
    process.on('exit', (exitCode) => sayOnce(null, exitCode));
  }
}
