// Child processes: in which turns their protocols hear of what. A child does one thing at a time, each when it is told to by
// its control, one end of a socket pair; the loop has come to rest by then. The Python side is python/children.py.

import {
  type ChildProcessOptions,
  createSubprocessExec,
  type Future,
  PIPE,
  type Process,
  type SubprocessOptions,
  SubprocessProtocol,
  type SubprocessTransport,
  socket,
  wait,
} from 'mioloop';
import { scenario, type Twin, word } from './scenario.js';

class Child extends SubprocessProtocol {
  transport!: SubprocessTransport;
  readonly #awaited = new Map<string, Future<void>>();

  constructor(readonly twin: Twin) {
    super();
    this.log('factory');
  }

  log(event: string): void {
    this.twin.log(event);
    this.#awaited.get(event)?.setResult();
    this.#awaited.delete(event);
  }

  /** Waits for the event, and for what comes right behind it. */
  *until(event: string) {
    const future = this.twin.loop.createFuture<void>();
    this.#awaited.set(event, future);
    yield* future;
    yield* this.twin.turns(4);
  }

  override connectionMade(transport: SubprocessTransport): void {
    this.transport = transport;
    this.log('connection made');
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    this.log(`pipe ${fd}: ${data.toString().trim()}`);
  }

  override pipeConnectionLost(fd: number, error: Error | null): void {
    this.log(`pipe ${fd} lost: ${word(error)}`);
  }

  override processExited(): void {
    this.log(`process exited: ${this.transport.getReturncode()}`);
  }

  override connectionLost(error: Error | null): void {
    this.log(`connection lost: ${word(error)}`);
  }
}

/** Its end is seen when the kernel likes: the loop does not rest meanwhile. */
class Unpunctual extends Child {
  override processExited(): void {
    this.twin.countFromHere(`process exited: ${this.transport.getReturncode()}`);
  }
}

/** Tells a child to go on, by the line that it reads. */
class Control {
  readonly ours: socket.Socket;
  readonly theirs: socket.Socket;

  constructor(readonly twin: Twin) {
    [this.ours, this.theirs] = socket.socketpair();
  }

  *start(script: string, leads: ChildProcessOptions = {}) {
    const { twin } = this;
    twin.countFromHere('subprocess_exec called');
    const child = new Child(twin);
    yield* twin.loop.subprocessExec(() => child, '/bin/sh', ['-c', script], leads);
    twin.log('subprocess_exec returned');
    this.theirs.close();
    yield* twin.turns(4);
    return child;
  }

  *process(script: string, leads: SubprocessOptions) {
    const { twin } = this;
    twin.countFromHere('create_subprocess_exec called');
    const process: Process = yield* createSubprocessExec('/bin/sh', ['-c', script], leads);
    twin.log('create_subprocess_exec returned');
    this.theirs.close();
    yield* twin.turns(4);
    return process;
  }

  tell(): void {
    this.twin.countFromHere('told');
    this.ours.send(Buffer.from('\n'));
  }

  close(): void {
    this.twin.countFromHere('let go');
    this.ours.close();
  }
}

scenario('child-without-pipes (B172)', function* (twin) {
  const control = new Control(twin);
  const child = yield* control.start('read x; exit 3', { stdin: control.theirs, stdout: null, stderr: null });
  control.tell();
  yield* child.until('connection lost: no error');
  child.transport.close();
  control.ours.close();
});

scenario('child-output (B172)', function* (twin) {
  const control = new Control(twin);
  const script = 'read x; echo hello; read x; exec 1>&-; read x; exec 2>&-; read x; exit 3';
  const child = yield* control.start(script, { stdin: control.theirs });
  const events = [
    'pipe 1: hello',
    'pipe 1 lost: no error',
    'pipe 2 lost: no error',
    'connection lost: no error',
  ];
  for (const event of events) {
    control.tell();
    yield* child.until(event);
  }
  child.transport.close();
  control.ours.close();
});

scenario('child-input (B172)', function* (twin) {
  const control = new Control(twin);
  const script = 'read x <&1; exec 0<&-; read x <&1; exit 3';
  const child = yield* control.start(script, { stdout: control.theirs, stderr: null });
  control.tell();
  yield* child.until('pipe 0 lost: no error');
  control.tell();
  yield* child.until('connection lost: no error');
  child.transport.close();
  control.ours.close();
});

scenario('child-all-pipes (B172)', function* (twin) {
  const control = new Control(twin);
  const child = yield* control.start('cat');
  twin.countFromHere('written');
  child.transport.getPipeTransport(0)!.write(Buffer.from('hello'));
  yield* child.until('pipe 1: hello');
  child.transport.close();
  control.ours.close();
});

scenario('child-outlived (B172)', function* (twin) {
  const control = new Control(twin);
  const script = 'read x; exec 3<&0; cat <&3 & exit 5';
  const child = yield* control.start(script, { stdin: control.theirs, stderr: null });
  control.tell();
  yield* child.until('process exited: 5');
  control.close();
  yield* child.until('connection lost: no error');
  child.transport.close();
});

scenario('child-killed (B174, B180)', function* (twin) {
  const control = new Control(twin);
  const child = yield* control.start('read x', { stdin: control.theirs, stdout: null, stderr: null });
  child.transport.kill();
  twin.countFromHere(`killed: ${child.transport.getReturncode()}`);
  yield* child.until('connection lost: no error');
  try {
    child.transport.sendSignal(0);
  } catch (error) {
    twin.log(`send_signal raised ${word(error)}`);
  }
  twin.log(`closing: ${child.transport.isClosing()}`);
  child.transport.close();
  twin.log(`closing: ${child.transport.isClosing()}`);
  control.ours.close();
});

scenario('child-closed (B175)', function* (twin) {
  const control = new Control(twin);
  const child = yield* control.start('read x', { stdin: control.theirs, stdout: null, stderr: null });
  child.transport.close();
  twin.countFromHere('closed');
  yield* child.until('connection lost: no error');
  control.ours.close();
});

scenario('child-missing (B179)', function* (twin) {
  twin.log('subprocess_exec called');
  try {
    yield* twin.loop.subprocessExec(() => new Child(twin), '/nowhere/program');
  } catch (error) {
    twin.log(`subprocess_exec raised ${word(error)}: ${(error as { path?: string }).path}`);
  }
});

scenario('child-cancelled (B177)', function* (twin) {
  const control = new Control(twin);
  const leads = { stdin: control.theirs, stdout: null, stderr: null };
  const task = twin.loop.createTask(function* () {
    try {
      yield* twin.loop.subprocessExec(() => new Unpunctual(twin), '/bin/sh', ['-c', 'read x'], leads);
    } finally {
      twin.log('subprocess_exec is over');
    }
  });
  yield* twin.turns(1);
  twin.countFromHere(`cancelled: ${task.cancel()}`);
  yield* wait([task]);
  twin.log(`cancelled: ${task.cancelled()}`);
  control.theirs.close();
  control.ours.close();
});

scenario('process-wait (B173)', function* (twin) {
  const control = new Control(twin);
  const process = yield* control.process('read x; exit 3', { stdin: control.theirs });
  const tasks = ['first', 'second'].map((name) =>
    twin.loop.createTask(function* () {
      twin.log(`${name}: ${yield* process.wait()}`);
    }),
  );
  yield* twin.turns(2);
  control.tell();
  yield* wait(tasks);
  twin.log(`again: ${yield* process.wait()}, ${process.returncode}`);
  control.ours.close();
});

scenario('process-reads (B176, B178)', function* (twin) {
  const control = new Control(twin);
  const script = 'read x; echo hello; read x; exec 1>&-; read x; exit 3';
  const process = yield* control.process(script, { stdin: control.theirs, stdout: PIPE });
  for (let step = 0; step < 2; step++) {
    control.tell();
    const line = yield* process.stdout!.readline();
    twin.log(`line: ${line.toString().trim()}`);
    yield* twin.turns(4);
  }
  control.tell();
  twin.log(`wait: ${yield* process.wait()}`);
  control.ours.close();
});

scenario('process-communicates (B176)', function* (twin) {
  const control = new Control(twin);
  const process = yield* control.process('read x; exit 3', { stdin: control.theirs });
  const task = twin.loop.createTask(function* () {
    const [out, err] = yield* process.communicate();
    twin.log(`communicate: ${out}, ${err}`);
  });
  yield* twin.turns(4);
  control.tell();
  yield* task;
  control.ours.close();
});
