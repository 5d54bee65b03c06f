// An executor whose workers are processes. concurrent.futures: `ProcessPoolExecutor`.
import { availableParallelism } from 'node:os';
import { Executor, preparationOf, workerCount } from './executor.js';
import { Pool } from './executor-pool.js';
import type { AnyJobFunction } from './job-target.js';
import { checkOptions } from './options.js';
import { ProcessMaker } from './process-maker.js';

/** Options of a ProcessPoolExecutor. */
export interface ProcessPoolExecutorOptions {
  /** Called in each process before its first job. When it throws, the executor is broken for good. */
  initializer?: AnyJobFunction | undefined;
  /** What `initializer` is called with. */
  initargs?: readonly unknown[] | undefined;
}

/**
 * Runs functions in processes of Node's. concurrent.futures: `ProcessPoolExecutor`. It is for code that brings its process down,
 * or changes it: for all else a ThreadPoolExecutor is faster and smaller. A process is started when a job comes and all others
 * are at work: that takes 70 ms and 46 MB, and it stays. It ends with this process, whatever ends this one.
 *
 * The processes are children of the loop that uses the executor first, and no other loop can use it. Arguments and results are
 * always copied; a job's standard output and error are this process's, and its standard input is empty.
 *
 * @param maxWorkers how many processes at most; null: as many as there are processors.
 * @throws RangeError and TypeError for wrong arguments.
 * @example
 * await using executor = new ProcessPoolExecutor(2);
 * const pid = await executor.submit(() => process.pid);
 */
export class ProcessPoolExecutor extends Executor {
  constructor(maxWorkers: number | null = null, options: ProcessPoolExecutorOptions = {}) {
    checkOptions(options, ['initializer', 'initargs'], 'ProcessPoolExecutor');
    const workers = workerCount(maxWorkers, availableParallelism());
    super(new Pool(new ProcessMaker(), workers, preparationOf(options.initializer, options.initargs)));
  }
}
