// Look-ups: when names, errors and cancels come back from the resolver's threads. The Python side is python/lookups.py.

import { socket } from 'mioloop';
import { errorOf } from '../support/outcomes.js';
import { scenario } from './scenario.js';

scenario('look-up-names (B198)', function* (twin) {
  twin.zero();
  const options = { family: socket.AF_INET, type: socket.SOCK_STREAM };
  const found = yield* twin.loop.getaddrinfo('localhost', 80, options);
  twin.log(`addresses: ${found[0]!.address[0]}`);
  const [host, service] = yield* twin.loop.getnameinfo(['127.0.0.1', 80], socket.NI_NUMERICHOST);
  twin.log(`names: ${host} ${service}`);
});

scenario('look-up-errors', function* (twin) {
  twin.zero();
  yield* errorOf(twin.loop.getaddrinfo('localhost', 80, { flags: socket.AI_NUMERICHOST }));
  twin.log('not an address');
  yield* errorOf(twin.loop.getaddrinfo('127.0.0.1', 80, { family: socket.AF_INET6 }));
  twin.log('not of that family');
});

scenario('look-up-cancelled', function* (twin) {
  const task = twin.loop.createTask(function* () {
    twin.log('look-up begins');
    return yield* twin.loop.getaddrinfo('localhost', 80);
  });
  yield* twin.turns(1);
  twin.zero();
  twin.log(`cancel: ${task.cancel()}`);
  twin.log(yield* twin.outcome(task));
});

scenario('look-up-without-a-name', function* (twin) {
  twin.zero();
  const found = yield* twin.loop.getaddrinfo('127.0.0.1', 80, { type: socket.SOCK_STREAM });
  twin.log(`addresses: ${found[0]!.address[0]}`);
});
