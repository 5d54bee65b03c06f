// The options that all servers have.
import { checkFlag, checkWhole } from './options.js';
import { SERVER_TLS_OPTIONS, type ServerTlsOptions } from './tls-options.js';

/** Connections that wait in the kernel, and that one turn accepts at most, without `backlog`. */
const DEFAULT_BACKLOG = 100;
const MAX_INT32 = 0x7fffffff;

/** Options of all servers. */
export interface CommonServerOptions extends ServerTlsOptions {
  /** How many connections may wait to be accepted (100). */
  backlog?: number | undefined;
  /** Accept at once (true), or only after `server.startServing()` or `serveForever()`. */
  startServing?: boolean | undefined;
  /**
   * How many connections there may be at a time; null, the default, is any number. Who comes when there are so many
   * waits in the kernel's queue, as long as `backlog`, until one has left.
   */
  maxConnections?: number | null | undefined;
}

/** What a server asks for, checked. @internal */
export interface Service {
  readonly backlog: number;
  readonly startServing: boolean;
  readonly maxConnections: number | null;
}

/** The names of the options that all servers have. @internal */
export const COMMON_SERVER_OPTIONS = ['backlog', 'startServing', 'maxConnections', ...SERVER_TLS_OPTIONS];

/** @throws TypeError and RangeError for wrong values. @internal */
export function checkService(options: CommonServerOptions): Service {
  const { backlog = DEFAULT_BACKLOG, maxConnections = null } = options;
  return {
    backlog: checkWhole('backlog', backlog, 0, MAX_INT32),
    startServing: checkFlag('startServing', options.startServing, true),
    maxConnections:
      maxConnections === null ? null : checkWhole('maxConnections', maxConnections, 1, MAX_INT32),
  };
}
