// Shows addReader: a callback receives what comes through a socket pair, then takes itself out and stops the loop.
import { newEventLoop, socket } from 'mioloop';

// Create a pair of connected sockets
const [ours, theirs] = socket.socketpair();
const loop = newEventLoop();

function reader(): void {
  const data = ours.recv(100);
  console.log('Received:', data.toString());

  // We are done: stop watching the socket
  loop.removeReader(ours);

  // Stop the event loop
  loop.stop();
}

// Watch the socket for reading
loop.addReader(ours, reader);

// Simulate the reception of data from the network
loop.callSoon(() => theirs.send(Buffer.from('abc')));

try {
  await loop.runForever();
} finally {
  ours.close();
  theirs.close();
  loop.close();
}
