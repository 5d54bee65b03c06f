/** CPython and uvloop, in a virtual environment of the benchmarks' own. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { output, tryOutput } from './command.js';
import { RESULTS } from './paths.js';

const VENV = join(RESULTS, 'venv');
const VENV_PYTHON = join(VENV, 'bin', 'python');
/** `asyncio.Runner(loop_factory=)` came with 3.11. */
const CHECK = 'import sys; assert sys.version_info >= (3, 11); print(sys.executable)';

export interface Python {
  program: string;
  version: string;
  /** Null when it is not installed. */
  uvloop: string | null;
}

/** The interpreter to use, or null. With `install`, the environment is made when it is missing. */
export async function findPython(install: boolean): Promise<Python | null> {
  if (install && !existsSync(VENV_PYTHON)) await makeEnvironment();
  const program = (await tryOutput(VENV_PYTHON, ['-c', CHECK])) ?? (await findInterpreter());
  if (program === null) return null;
  const version =
    (await tryOutput(program, ['-c', 'import platform; print(platform.python_version())'])) ?? '?';
  return {
    program,
    version,
    uvloop: await tryOutput(program, ['-c', 'import uvloop; print(uvloop.__version__)']),
  };
}

/** Without a network there is no uvloop, but still asyncio. */
async function makeEnvironment(): Promise<void> {
  const interpreter = await findInterpreter();
  if (interpreter === null) return;
  try {
    await output(interpreter, ['-m', 'venv', VENV]);
    await output(VENV_PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uvloop']);
  } catch (error) {
    console.error(`no uvloop: ${(error as Error).message}`);
  }
}

/** The first that runs: a `python3.13` of pyenv may be a shim that fails. The answer is the binary behind it. */
async function findInterpreter(): Promise<string | null> {
  for (const candidate of ['python3.13', ...pyenvInterpreters(), 'python3']) {
    const program = await tryOutput(candidate, ['-c', CHECK]);
    if (program !== null) return program;
  }
  return null;
}

function pyenvInterpreters(): string[] {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  const names = readdirSync(versions).filter((name) => name.startsWith('3.13'));
  return names.map((name) => join(versions, name, 'bin', 'python3.13'));
}
