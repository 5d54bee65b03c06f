/** The two Rust programs of `benches/loadgen`. */
import { output } from './command.js';
import { ROOT } from './paths.js';

export interface Programs {
  loadgen: string;
  mioEcho: string;
}

/** Builds them into the workspace's target folder, wherever that is. */
export async function buildPrograms(): Promise<Programs> {
  const args = [
    'build',
    '--release',
    '--locked',
    '-p',
    'mioloop-loadgen',
    '--message-format=json-render-diagnostics',
  ];
  const messages = await output('cargo', args, { cwd: ROOT });
  const executables = messages
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { executable?: string | null }).executable ?? '');
  const find = (name: string): string => {
    const path = executables.find((executable) => executable.endsWith(name));
    if (path === undefined) throw new Error(`cargo built no ${name}`);
    return path;
  };
  return { loadgen: find('mioloop-loadgen'), mioEcho: find('mioloop-mio-echo') };
}
