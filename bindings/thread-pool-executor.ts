// An executor whose workers are threads. concurrent.futures: `ThreadPoolExecutor`.
import { availableParallelism } from 'node:os';
import { given, rangeError, typeError } from './errors.js';
import { Executor, preparationOf, workerCount } from './executor.js';
import { Pool } from './executor-pool.js';
import type { AnyJobFunction } from './job-target.js';
import { checkOptions } from './options.js';
import { type ResourceLimits, ThreadMaker } from './thread-maker.js';

/** Threads at most, and those beyond the processors: Python's numbers, as programs from there count on them. */
const MAX_THREADS = 32;
const EXTRA_THREADS = 4;
/** What Node needs to start a thread at all: with less, it ends before anybody could be told. */
const MIN_HEAP_MB = 8;

/** Options of a ThreadPoolExecutor. */
export interface ThreadPoolExecutorOptions {
  /** What the names of its threads begin with: `prefix_0`, … They show in debuggers. */
  threadNamePrefix?: string | undefined;
  /** Called in each thread before its first job. When it throws, the executor is broken for good. */
  initializer?: AnyJobFunction | undefined;
  /** What `initializer` is called with. */
  initargs?: readonly unknown[] | undefined;
  /** Limits of the memory of each thread. A job that needs more ends its thread, and fails. */
  resourceLimits?: ResourceLimits | undefined;
}

let count = 0;

/**
 * Runs functions in worker threads of Node's. concurrent.futures: `ThreadPoolExecutor`. A thread is started when a job comes
 * and all others are at work: that takes 30 ms and 9 MB, and it stays. Idle threads do not keep the process alive.
 *
 * @param maxWorkers how many threads at most; null: four more than there are processors, and no more than 32.
 * @throws RangeError and TypeError for wrong arguments.
 * @example
 * await using executor = new ThreadPoolExecutor(4, { threadNamePrefix: 'hash' });
 * const hashFile = reference<typeof import('./hash.js').hashFile>(new URL('./hash.js', import.meta.url), 'hashFile');
 * for await (const digest of executor.map(hashFile, paths)) console.log(digest);
 */
export class ThreadPoolExecutor extends Executor {
  /** For the types only: another executor is none, as it can't be the default one. */
  declare protected readonly threads: true;

  constructor(maxWorkers: number | null = null, options: ThreadPoolExecutorOptions = {}) {
    checkOptions(
      options,
      ['threadNamePrefix', 'initializer', 'initargs', 'resourceLimits'],
      'ThreadPoolExecutor',
    );
    const { threadNamePrefix, initializer, initargs, resourceLimits } = options;
    if (threadNamePrefix !== undefined && typeof threadNamePrefix !== 'string') {
      throw typeError(`threadNamePrefix must be a string, got ${given(threadNamePrefix)}`);
    }
    if (resourceLimits !== undefined && (typeof resourceLimits !== 'object' || resourceLimits === null)) {
      throw typeError(`resourceLimits must be an object of megabytes, got ${given(resourceLimits)}`);
    }
    if ((resourceLimits?.maxOldGenerationSizeMb ?? MIN_HEAP_MB) < MIN_HEAP_MB) {
      throw rangeError(
        `resourceLimits.maxOldGenerationSizeMb must be ${MIN_HEAP_MB} or more, got ${resourceLimits!.maxOldGenerationSizeMb}`,
      );
    }
    const workers = workerCount(maxWorkers, Math.min(MAX_THREADS, availableParallelism() + EXTRA_THREADS));
    const preparation = preparationOf(initializer, initargs);
    const prefix = threadNamePrefix || `ThreadPoolExecutor-${count++}`;
    super(new Pool(new ThreadMaker(prefix, resourceLimits), workers, preparation));
  }
}
