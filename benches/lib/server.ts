/** A peer's server program, started and listening. */
import { Child } from './child.js';

/** Deno and Python need most of a second on a cold machine. */
const START_LIMIT_MS = 15_000;

export interface Server {
  readonly port: number;
  readonly child: Child;
}

/** Starts a server and waits for its `PORT <n>`; rejects with its stderr when that does not come. */
export async function startServer(core: number | null, command: readonly string[]): Promise<Server> {
  const child = new Child(core, command);
  try {
    return { child, port: Number(await child.line('PORT ', START_LIMIT_MS)) };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** Starts a server for the time of `use`; what it complained about is added to an error. */
export async function withServer<T>(
  core: number | null,
  command: readonly string[],
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const server = await startServer(core, command);
  try {
    return await use(server);
  } catch (error) {
    const { complaint } = server.child;
    throw complaint === '' ? error : new Error(`${(error as Error).message}; the server: ${complaint}`);
  } finally {
    await server.child.stop();
  }
}
