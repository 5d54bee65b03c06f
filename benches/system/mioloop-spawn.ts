/**
 * Children one after another on mioloop, each waited for:
 * `mioloop-spawn.js <hosted|blocking> <protocol|process> <plain|options> <warm-up> <count>`.
 */
import {
  type Coroutine,
  createSubprocessExec,
  DEVNULL,
  type Future,
  getRunningLoop,
  type SubprocessOptions,
  SubprocessProtocol,
} from 'mioloop';
import { TRUE, USER } from './children.js';
import { measure, oneByOne } from './mioloop-support.js';
import { counts } from './support.js';

const OPTIONS: Record<string, SubprocessOptions> = {
  plain: { stdin: null, stdout: null, stderr: null },
  options: {
    stdin: DEVNULL,
    stdout: DEVNULL,
    stderr: DEVNULL,
    cwd: '/',
    umask: 0o027,
    startNewSession: true,
    user: USER,
  },
};

const [, , , level, kind] = process.argv;
const options = OPTIONS[kind!]!;

class Exit extends SubprocessProtocol {
  constructor(readonly exited: Future<void>) {
    super();
  }

  override processExited(): void {
    this.exited.setResult();
  }
}

function* byProtocol(): Coroutine<void> {
  const loop = getRunningLoop();
  const factory = () => new Exit(loop.createFuture<void>());
  const [transport, protocol] = yield* loop.subprocessExec(factory, TRUE, [], options);
  yield* protocol.exited;
  transport.close();
}

function* byProcess(): Coroutine<void> {
  const child = yield* createSubprocessExec(TRUE, [], options);
  yield* child.wait();
}

await measure(() => oneByOne(...counts(process.argv), level === 'process' ? byProcess : byProtocol));
