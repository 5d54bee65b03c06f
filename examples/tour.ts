/** `npm start`: what mioloop does so far, in five parts and under 20 seconds. `--quick` shortens the last, for the tests. */
import { buildPrograms } from '../benches/lib/cargo.js';
import { compareServers } from './tour/compare.js';
import { serveHundredClients } from './tour/echo.js';
import { part } from './tour/part.js';
import { showLateness } from './tour/timers.js';

/** Nothing here takes that long; a tour that does hangs. */
const LIMIT_MS = 60_000;
/** A build that takes longer than a check is worth a line. */
const CHECK_MS = 1_000;

async function buildLoadGenerator(): Promise<string> {
  const notice = setTimeout(() => console.log('Building the load generator, once …'), CHECK_MS);
  try {
    return (await buildPrograms()).loadgen;
  } finally {
    clearTimeout(notice);
  }
}

function fail(error: unknown): never {
  console.error(
    `The tour failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  process.exit(1);
}

async function tour(quick: boolean): Promise<void> {
  const loadGenerator = await buildLoadGenerator();
  setTimeout(() => fail(new Error(`it did not end within ${LIMIT_MS / 1_000} seconds`)), LIMIT_MS).unref();

  // The two programs of asyncio's own reference; they run when they are imported.
  await part('Hello World with callSoon: examples/hello-world.ts', () => import('./hello-world.js'));
  await part('The date with callLater: examples/display-date.ts', () => import('./display-date.js'));
  await part("An echo service on mioloop, and clients through Node's net", serveHundredClients);
  await part('Timers: how late callLater calls', showLateness);
  await part("The same echo service on mioloop and on Node's net", () =>
    compareServers(loadGenerator, quick),
  );
}

try {
  await tour(process.argv.includes('--quick'));
} catch (error) {
  fail(error);
}
