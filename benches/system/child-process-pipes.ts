/** A long stream through a child of `child_process`, with 'drain' and 'data'; `piped.ts` tells the arguments. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Pieces } from '../servers/pieces.js';
import { parsePiped } from './piped.js';
import { Meter, tell } from './support.js';

type Child = ChildProcessByStdio<Writable, Readable, null>;

const { warmup, bytes, command, input, output } = parsePiped(process.argv.slice(2));

async function stream(length: number): Promise<void> {
  const [program, ...args] = command(length);
  const child: Child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const expected = output(length);
  child.stdout.on('data', (piece: Buffer) => expected.take(piece));
  feed(child.stdin, input(length));
  await once(child, 'close');
  expected.end();
}

function feed(stdin: Writable, pieces: Pieces): void {
  const pump = (): void => {
    for (let piece = pieces.next(); piece !== null; piece = pieces.next()) {
      if (!stdin.write(piece)) return;
    }
    stdin.end();
  };
  stdin.on('drain', pump);
  pump();
}

await stream(warmup);
const meter = new Meter();
await stream(bytes);
tell(meter.report({ bytes }));
