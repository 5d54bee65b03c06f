// What Python's module `socket` says to questions for addresses and names: the stranger that ours are compared with.

import { spawnSync } from 'node:child_process';
import type { AddrInfo, AddrInfoOptions, Host, Port } from 'mioloop';

/** A question for addresses. */
export interface Question extends AddrInfoOptions {
  host: Host;
  port: Port;
}

/** `[family, type, proto, canonname, address]` of each entry, or the name of the error. */
export type Said = unknown[][] | string;

const SOURCE = `
import json, socket, sys

def given(value):
    return bytes(value['bytes']) if isinstance(value, dict) else value

def error_name(error):
    names = [name for name in dir(socket) if name.startswith('EAI_') and getattr(socket, name) == error.errno]
    return 'ENOTFOUND' if names[0] in ('EAI_NONAME', 'EAI_NODATA') else names[0]

def answer(question):
    kind, *args = question
    try:
        if kind == 'name':
            return socket.getnameinfo(tuple(args[0]), args[1])
        if kind == 'text':
            return socket.inet_ntop(args[0], socket.inet_pton(args[0], args[1]))
        host, port, *hints = args
        return [list(entry) for entry in socket.getaddrinfo(given(host), given(port), *hints)]
    except socket.gaierror as error:
        return error_name(error)
    except OSError:
        return None

json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
`;

/** Python's answers, one for each question. */
function asked(questions: readonly unknown[][]): unknown[] {
  const input = JSON.stringify(questions, (_key, value) =>
    value instanceof Uint8Array ? { bytes: [...value] } : value,
  );
  const { status, stdout, stderr } = spawnSync('python3', ['-c', SOURCE], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout) as unknown[];
}

/** What `socket.getaddrinfo` answers. */
export function pythonAddresses(questions: readonly Question[]): Said[] {
  return asked(
    questions.map(({ host, port, family = 0, type = 0, proto = 0, flags = 0 }) => {
      return ['addresses', host, port, family, type, proto, flags];
    }),
  ) as Said[];
}

/** What `socket.getnameinfo` answers: host and service, or the name of the error. */
export function pythonNames(questions: readonly (readonly [unknown[], number])[]): unknown[] {
  return asked(questions.map(([sockaddr, flags]) => ['name', sockaddr, flags]));
}

/** The text that the system gives an address, null for what is none. */
export function pythonTexts(family: number, hosts: readonly string[]): unknown[] {
  return asked(hosts.map((host) => ['text', family, host]));
}

/** Ours in the same form. */
export function inPython(found: readonly AddrInfo[]): Said {
  return found.map(({ family, type, proto, canonname, address }) => [
    family,
    type,
    proto,
    canonname,
    address,
  ]);
}
