/** C, Go, Bun and Deno: what is on the machine, or what npm brings. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { output, tryOutput } from './command.js';
import { RESULTS, SOURCES } from './paths.js';

const TOOLS = join(RESULTS, 'tools');
const BIN = join(RESULTS, 'bin');
const GO_ECHO = join(BIN, 'go-echo');

export interface Tool {
  program: string;
  version: string;
}

/** From npm if it is there or `install` may bring it, else from PATH; null when neither runs. */
export async function findRuntime(name: 'bun' | 'deno', install: boolean): Promise<Tool | null> {
  if (install && binaries(name).length === 0) await installRuntimes();
  for (const program of [...binaries(name), name]) {
    const version = await tryOutput(program, ['--version']);
    if (version !== null) return { program, version: version.split('\n')[0]! };
  }
  return null;
}

/** The compiled Go server. It has no dependencies, so building it needs no network. */
export async function buildGo(): Promise<Tool | string> {
  const version = await tryOutput('go', ['version']);
  if (version === null) return 'go is not on PATH';
  try {
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOPROXY: 'off' };
    await output('go', ['build', '-o', GO_ECHO, '.'], { cwd: join(SOURCES, 'servers', 'go'), env });
  } catch (error) {
    return `go build failed: ${(error as Error).message}`;
  }
  return { program: GO_ECHO, version: version.split(' ')[2] ?? version };
}

/** A compiled C program, of one file. */
export async function buildC(source: string): Promise<Tool | string> {
  const version = await tryOutput('cc', ['--version']);
  if (version === null) return 'cc is not on PATH';
  const program = join(BIN, `c-${basename(source, '.c')}`);
  try {
    mkdirSync(BIN, { recursive: true });
    await output('cc', ['-O2', '-o', program, join(SOURCES, source)]);
  } catch (error) {
    return `cc failed: ${(error as Error).message}`;
  }
  return { program, version: version.split('\n')[0]! };
}

async function installRuntimes(): Promise<void> {
  mkdirSync(TOOLS, { recursive: true });
  try {
    await output('npm', ['install', '--no-save', '--prefix', TOOLS, 'bun', 'deno'], { cwd: TOOLS });
  } catch (error) {
    console.error(`no Bun and Deno from npm: ${(error as Error).message}`);
  }
}

/**
 * The programs themselves, not npm's wrappers, so that the pid is the server's. They come as platform packages; Bun's
 * own package moves its program out of there when it is installed.
 */
function binaries(name: 'bun' | 'deno'): string[] {
  const modules = join(TOOLS, 'node_modules');
  const scope = join(modules, name === 'bun' ? '@oven' : '@deno');
  const platforms = existsSync(scope) ? readdirSync(scope).map((folder) => join(scope, folder)) : [];
  const paths =
    name === 'bun'
      ? [...platforms.map((folder) => join(folder, 'bin', 'bun')), join(modules, 'bun', 'bin', 'bun.exe')]
      : platforms.map((folder) => join(folder, 'deno'));
  return paths.filter((path) => existsSync(path));
}
