// The options that have to do with TLS: which of them go together. There is no TLS yet, so that `ssl` itself is refused
// where everything else is right.
import { given, NotImplementedError, rangeError, typeError } from './errors.js';

/** How long the two ends of a TLS connection may take. */
export interface TlsTimeouts {
  /** Seconds for the handshake (60). */
  sslHandshakeTimeout?: number | null | undefined;
  /** Seconds for the closing (30). */
  sslShutdownTimeout?: number | null | undefined;
}

/** The options of a client that have to do with TLS. */
export interface ClientTlsOptions extends TlsTimeouts {
  /** Not there yet: NotImplementedError. */
  ssl?: boolean | object | null | undefined;
  /** The name that the server's certificate has to be for; '' is any. Without one it is the host. */
  serverHostname?: string | null | undefined;
}

/** The options of a server that have to do with TLS. */
export interface ServerTlsOptions extends TlsTimeouts {
  /** Not there yet: NotImplementedError. */
  ssl?: object | null | undefined;
}

const TIMEOUTS = ['sslHandshakeTimeout', 'sslShutdownTimeout'] as const;
/** The names of a client's options. @internal */
export const CLIENT_TLS_OPTIONS = ['ssl', 'serverHostname', ...TIMEOUTS] as const;
/** The names of a server's options. @internal */
export const SERVER_TLS_OPTIONS = ['ssl', ...TIMEOUTS] as const;

/**
 * @param host what the server's name is by default; null where there is nothing to take it from: `noName` says so then.
 * @throws RangeError for options that need `ssl`, and for `ssl` without any name; TypeError for a name of another type.
 * @internal
 */
export function checkClientTls(options: ClientTlsOptions, host: unknown, noName: string): void {
  const { ssl, serverHostname = null } = options;
  if (serverHostname !== null) {
    if (!ssl) throw rangeError('serverHostname is only meaningful with ssl');
    if (typeof serverHostname !== 'string') {
      throw typeError(`serverHostname must be a string, got ${given(serverHostname)}`);
    }
  } else if (ssl && !host) {
    throw rangeError(noName);
  }
  checkTimeouts(options);
}

/** @throws TypeError for an `ssl` that is only true or false; RangeError for options that need it. @internal */
export function checkServerTls(options: ServerTlsOptions): void {
  const { ssl } = options as { ssl?: unknown };
  if (typeof ssl === 'boolean') throw typeError(`ssl argument must be an SSLContext or None, got ${ssl}`);
  checkTimeouts(options);
}

/** @throws NotImplementedError for `ssl`: once nothing else is wrong. @internal */
export function refuseTls({ ssl }: { ssl?: unknown }, method: string): void {
  if (ssl) throw new NotImplementedError(`${method}() has no TLS yet: ssl must not be set`);
}

function checkTimeouts(options: TlsTimeouts & { ssl?: unknown }): void {
  if (options.ssl) return;
  for (const name of TIMEOUTS) {
    if (options[name] != null) throw rangeError(`${name} is only meaningful with ssl`);
  }
}
