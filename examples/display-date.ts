// Shows callLater and a hosted run: a callback prints the date, twice a second for two seconds.
import { type EventLoop, newEventLoop } from 'mioloop';

function displayDate(endTime: number, loop: EventLoop): void {
  console.log(new Date().toISOString());
  if (loop.time() + 0.5 < endTime) loop.callLater(0.5, displayDate, endTime, loop);
  else loop.stop();
}

const loop = newEventLoop();

// Schedule the first call to displayDate()
loop.callSoon(displayDate, loop.time() + 2, loop);

// Node's own loop goes on until loop.stop()
try {
  await loop.runForever();
} finally {
  loop.close();
}
