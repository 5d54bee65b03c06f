// The date, as a child process tells it: once to a protocol, once through streams.
import {
  createSubprocessExec,
  DEVNULL,
  type Future,
  getRunningLoop,
  PIPE,
  run,
  SubprocessProtocol,
} from 'mioloop';

const CODE = 'console.log(new Date().toISOString())';

class DateProtocol extends SubprocessProtocol {
  readonly ended: Future<void> = getRunningLoop().createFuture<void>();
  output = Buffer.alloc(0);

  override pipeDataReceived(_fd: number, data: Buffer): void {
    this.output = Buffer.concat([this.output, data]);
  }

  // The process has ended, and everything that it wrote is here.
  override connectionLost(): void {
    this.ended.setResult();
  }
}

/** With a transport and a protocol. */
function* dateByProtocol() {
  const options = { stdin: DEVNULL, stderr: null };
  const loop = getRunningLoop();
  const [transport, protocol] = yield* loop.subprocessExec(
    () => new DateProtocol(),
    process.execPath,
    ['-e', CODE],
    options,
  );
  yield* protocol.ended;
  transport.close();
  return protocol.output.toString().trimEnd();
}

/** With streams. */
function* dateByStreams() {
  const child = yield* createSubprocessExec(process.execPath, ['-e', CODE], { stdout: PIPE });
  const line = yield* child.stdout!.readline();
  yield* child.wait();
  return line.toString().trimEnd();
}

await run(function* () {
  console.log(`By a protocol: ${yield* dateByProtocol()}`);
  console.log(`By streams: ${yield* dateByStreams()}`);
});
