// One job of an executor: a future, and what is to be sent to a worker for it.
import type { TransferListItem } from 'node:worker_threads';
import { cancelOn } from './abort.js';
import { given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { describeTarget, type Order, type TargetText } from './executor-wire.js';
import { OutsideFuture } from './outside-future.js';
import { transferListOf } from './transfer.js';

/** Options of one job: a leading object. */
export interface JobOptions {
  /** Cancels the job; one that runs is ended with its worker, which is replaced. */
  signal?: AbortSignal | undefined;
  /** Whether `cancel()` of a job that runs ends it with its worker, too. Without it the job runs on, and nobody hears of it. */
  terminate?: boolean | undefined;
}

/** What of a job is sent. @internal */
export type JobOrder = Extract<Order, { kind: 'job' }>;

/** Who has a job to care for. @internal */
export interface JobKeeper {
  /** The job was cancelled while it waited or ran; `ends`: it is to be ended, too. */
  cancelled(job: Job<unknown>, ends: boolean): void;
  /** Copies of `values`, as a worker would get them, and what moves with them. @throws for what can't be cloned. */
  clone(values: readonly unknown[], list: readonly TransferListItem[]): [unknown[], TransferListItem[]];
}

/** @internal */
export class Job<T> extends OutsideFuture<T> {
  /** Null once it was sent. */
  private order: JobOrder | null;
  private list: readonly TransferListItem[];
  private readonly keeper: JobKeeper;
  private readonly target: TargetText;
  private readonly terminate: boolean;
  private readonly signal: AbortSignal | null;

  constructor(loop: EventLoop, keeper: JobKeeper, order: JobOrder, options: JobOptions) {
    super(loop);
    this.keeper = keeper;
    this.order = order;
    this.list = transferListOf(order.args);
    this.target = order.target;
    this.terminate = options.terminate ?? false;
    this.signal = options.signal ?? null;
    if (this.signal !== null) cancelOn(this, this.signal);
  }

  /**
   * Sends it, once.
   * @throws TypeError for an argument that can't be cloned.
   */
  send(post: (order: Order, list: readonly TransferListItem[]) => void): void {
    const { order, list } = this;
    this.order = null;
    this.list = [];
    try {
      post(order!, list);
    } catch (error) {
      throw this.notClonable(order!, error);
    }
  }

  /**
   * It has to wait: the arguments are copied now, as those of a job that does not, so that no later change is seen, and
   * who can be told of what can't be cloned.
   * @throws TypeError for an argument that can't be cloned.
   */
  keep(): void {
    const { order, list } = this;
    if (list.length === 0 && order!.args.every(isUnchangeable)) return;
    try {
      const [args, kept] = this.keeper.clone(order!.args, list);
      this.order = { ...order!, args };
      this.list = kept;
    } catch (error) {
      throw this.notClonable(order!, error);
    }
  }

  /** The job was not taken after all. */
  withdraw(): void {
    super.cancel();
  }

  /** Fails with `error`, and nobody needs to ask for that. */
  giveUp(error: unknown): void {
    this.setException(error);
    this.retrieve();
    this.keeper.cancelled(this as Job<unknown>, this.terminate);
  }

  override cancel(message?: unknown): boolean {
    if (!super.cancel(message)) return false;
    this.keeper.cancelled(this as Job<unknown>, this.terminate || (this.signal?.aborted ?? false));
    return true;
  }

  /** How errors call what it runs. */
  targetText(): string {
    return describeTarget(this.target);
  }

  /** It takes a try of each argument to tell which it is; what brings something that moves is not tried: it would be gone. */
  private notClonable({ target, args }: JobOrder, error: unknown): TypeError {
    const isClonable = (arg: unknown): boolean => {
      try {
        if (transferListOf([arg]).length === 0) this.keeper.clone([arg], []);
        return true;
      } catch {
        return false;
      }
    };
    return notClonable(
      target,
      args,
      args.findIndex((arg) => !isClonable(arg)),
      error,
    );
  }
}

/** What nobody can change, and can be cloned. */
function isUnchangeable(value: unknown): boolean {
  return (
    (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null
  );
}

/** The error of arguments that can't be sent, of which the one at `at` is known to be the reason. @internal */
export function notClonable(
  target: TargetText,
  args: readonly unknown[],
  at: number,
  cause: unknown,
): TypeError {
  const what = at < 0 ? 'what moves with the arguments' : `argument ${at + 1}, ${given(args[at])},`;
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `${what} of ${describeTarget(target)} cannot be sent to a worker: ${why}`;
  return Object.assign(typeError(text, 'ERR_NOT_CLONEABLE'), { cause });
}
