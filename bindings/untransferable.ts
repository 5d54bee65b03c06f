// Memory that several buffers share. Whoever gets one of them must not be able to take the others' away with it, by
// transferring it to another thread.

/** Makes transferring `memory` an error. Again: nothing. @internal */
export function keepHere(memory: ArrayBufferLike): void {
  mark ??= process.getBuiltinModule('node:worker_threads').markAsUntransferable;
  mark(memory);
}

// Looked up by the first call: to load its module takes as long as a tenth of the package.
let mark: ((object: object) => void) | undefined;
