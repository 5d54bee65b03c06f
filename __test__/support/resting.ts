// A program with few descriptors (listener.test.ts starts it): it uses them up, lets guests come to its server one by
// one, and tells as JSON how often the server reported that, and who was served. The run mode is its argument.

import type { Coroutine, EventLoop } from 'mioloop';
import { Protocol, type Transport } from 'mioloop';
import { Hoard, tell } from './few-descriptors.js';
import { portOf, turns } from './hall.js';
import { Line } from './lockstep.js';

const GUESTS = 10;
const GREETING = Buffer.from('welcome');

class Greeter extends Protocol {
  override connectionMade(transport: Transport): void {
    transport.write(GREETING);
    transport.close();
  }
}

function* main(loop: EventLoop): Coroutine<unknown> {
  const reports: number[] = [];
  const messages = new Set<string>();
  const served: boolean[] = [];
  loop.setExceptionHandler((_loop, { message }) => {
    reports.push(loop.time());
    messages.add(message);
  });
  const server = yield* loop.createServer(() => new Greeter(), '127.0.0.1', 0);
  for (let round = 0; round < 2; round++) {
    const lines: Line[] = [];
    {
      using hoard = new Hoard();
      for (let guest = 0; guest < GUESTS; guest++) {
        // The guest takes what is spared, so the server has nothing.
        hoard.spare();
        lines.push(Line.connect(portOf(server)));
        yield* turns(3);
      }
    }
    for (const line of lines) {
      yield* line.until(({ ended }) => ended);
      served.push(line.data().equals(GREETING));
      line.destroy();
    }
  }
  server.close();
  return {
    messages: [...messages],
    reportedInEachRound: reports.length >= 2,
    /** Reports that came less than a second (and the clock's resolution) after the one before. */
    tooEarly: reports.filter((at, index) => index > 0 && at - reports[index - 1]! < 0.999).length,
    served: served.filter(Boolean).length,
  };
}

await tell(main);
