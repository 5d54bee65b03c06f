// Shows callSoon and a blocking run: a callback prints 'Hello World' and stops the loop.
import { type EventLoop, newEventLoop } from 'mioloop';

function helloWorld(loop: EventLoop): void {
  console.log('Hello World');
  loop.stop();
}

const loop = newEventLoop();

// Schedule a call to helloWorld()
loop.callSoon(helloWorld, loop);

// Blocking call interrupted by loop.stop()
try {
  loop.runForeverSync();
} finally {
  loop.close();
}
