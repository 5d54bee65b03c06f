// Where generators are suspended. JavaScript cannot read that; V8's inspector can, in this very thread. It is asked
// only when somebody wants a stack, and let go at once: a look takes milliseconds.
import type { Session } from 'node:inspector';
import { type StackFrame, userFrame } from './source-traceback.js';

/** Where the inspector finds what it is asked about, for the length of a look. */
const KEY = 'mioloop.generators';

/** A value of the inspector's protocol. */
interface Remote {
  readonly objectId?: string;
  readonly value?: unknown;
}

interface RemoteProperty {
  readonly name: string;
  readonly value?: Remote;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * Where each of `generators` is suspended; undefined for one that runs or is the package's own, and for all where
 * there is no inspector. @internal
 */
export function generatorFrames(generators: readonly object[]): (StackFrame | undefined)[] {
  if (generators.length === 0) return [];
  const look = Look.begin();
  if (look === null) return generators.map(() => undefined);
  const holder = Symbol.for(KEY);
  Object.defineProperty(globalThis, holder, { value: generators, configurable: true });
  try {
    return look.frames(generators.length);
  } catch {
    // Whatever the inspector cannot do in this process: a graph without locations is better than none.
    return generators.map(() => undefined);
  } finally {
    Reflect.deleteProperty(globalThis, holder);
    look.end();
  }
}

class Look {
  readonly #session: Session;
  /** The URLs of scripts. */
  readonly #urls = new Map<string, string>();

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Null where there is no inspector, or it is not allowed. */
  static begin(): Look | null {
    try {
      const { Session } = process.getBuiltinModule('node:inspector');
      const session = new Session();
      session.connect();
      return new this(session);
    } catch {
      return null;
    }
  }

  end(): void {
    this.#session.disconnect();
  }

  frames(count: number): (StackFrame | undefined)[] {
    this.#session.on('Debugger.scriptParsed', ({ params }) => this.#urls.set(params.scriptId, params.url));
    // Locations are known only to a debugger; it also tells the names of all scripts, which is what takes time.
    this.#ask('Debugger.enable');
    const expression = `globalThis[Symbol.for(${JSON.stringify(KEY)})]`;
    const { result } = this.#ask<{ result: Remote }>('Runtime.evaluate', { expression, silent: true });
    const elements = new Map(this.#properties(result).result.map(({ name, value }) => [name, value]));
    return Array.from({ length: count }, (_, index) => {
      const element = elements.get(String(index));
      return element === undefined ? undefined : this.#frame(element);
    });
  }

  #frame(generator: Remote): StackFrame | undefined {
    const { internalProperties = [] } = this.#properties(generator);
    const internal = (name: string) => internalProperties.find((one) => one.name === name)?.value;
    if (internal('[[GeneratorState]]')?.value !== 'suspended') return undefined;
    const location = internal('[[GeneratorLocation]]')?.value as Location | undefined;
    const body = internal('[[GeneratorFunction]]');
    const url = location === undefined ? undefined : this.#urls.get(location.scriptId);
    if (location === undefined || url === undefined) return undefined;
    return userFrame(url, location.lineNumber + 1, location.columnNumber + 1, this.#nameOf(body));
  }

  #nameOf(body: Remote | undefined): string {
    if (body?.objectId === undefined) return '';
    const { result } = this.#ask<{ result: Remote }>('Runtime.callFunctionOn', {
      objectId: body.objectId,
      functionDeclaration: 'function () { return this.name; }',
      returnByValue: true,
      silent: true,
    });
    return String(result.value ?? '');
  }

  #properties(object: Remote): { result: RemoteProperty[]; internalProperties?: RemoteProperty[] } {
    return this.#ask('Runtime.getProperties', { objectId: object.objectId, ownProperties: true });
  }

  /** The answer, which comes before the call returns: the session is of this thread. */
  #ask<T>(method: string, params: object = {}): T {
    const answers: T[] = [];
    this.#session.post(method, params, (error, answer) => {
      if (error !== null) throw error;
      answers.push(answer as T);
    });
    if (answers.length === 0) throw new Error(`the inspector has not answered ${method}`);
    return answers[0]!;
  }
}
