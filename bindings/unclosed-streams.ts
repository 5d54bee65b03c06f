// Writers that were collected while their connection was open: it is closed, and a warning says so. asyncio:
// `StreamWriter.__del__`. To have each writer's end told would cost a tenth of a short connection, so it is looked for
// after each collection of garbage, of which an object tells that nobody holds.
import type { EventLoop } from './event-loop.js';
import type { StreamReader } from './stream-reader.js';
import type { WriteTransport } from './transport.js';

/** The writers of a loop whose connection is open. Nothing here may keep the loop. */
const open = new WeakMap<EventLoop, Set<OpenWriter>>();

const registry = new FinalizationRegistry<WeakRef<EventLoop>>((reference) => {
  const loop = reference.deref();
  // One that was dropped itself has its own warning.
  if (loop === undefined) return;
  for (const writer of open.get(loop)!) writer.check(loop);
  if (open.get(loop)!.size > 0) registry.register({}, reference);
  else open.delete(loop);
});

/** A writer whose connection is open. @internal */
export class OpenWriter {
  private readonly writers: Set<OpenWriter>;
  /**
   * None in a blocking run inside a microtask: there the engine keeps the targets of new weak references until the run has
   * ended, so every connection would stay in memory.
   */
  private readonly reference: WeakRef<object> | null;
  private readonly transport: WriteTransport;
  private readonly reader: StreamReader | null;

  constructor(loop: EventLoop, writer: object, transport: WriteTransport, reader: StreamReader | null) {
    let writers = open.get(loop);
    if (writers === undefined) {
      writers = new Set();
      open.set(loop, writers);
      registry.register({}, new WeakRef(loop));
    }
    this.writers = writers;
    this.reference = loop.scheduler.settles ? new WeakRef(writer) : null;
    this.transport = transport;
    this.reader = reader;
    writers.add(this);
  }

  /** The connection is gone. */
  forget(): void {
    this.writers.delete(this);
  }

  /** Closes it if it was dropped. */
  check(loop: EventLoop): void {
    if (this.reference === null || this.reference.deref() !== undefined) return;
    this.forget();
    if (this.transport.isClosing()) return;
    if (loop.isClosed()) {
      warn('loop is closed');
      return;
    }
    const text = writerText(this.transport, this.reader);
    this.transport.close();
    warn(`unclosed ${text}; call writer.close()`);
  }
}

function warn(message: string): void {
  process.emitWarning(message, { type: 'ResourceWarning', code: 'MIOLOOP_UNCLOSED_STREAM' });
}

/** The text of a writer, also of one that is gone. @internal */
export function writerText(transport: WriteTransport, reader: StreamReader | null): string {
  const of = reader === null ? '' : ` reader=${reader.toString()}`;
  return `<StreamWriter transport=${String(transport)}${of}>`;
}
