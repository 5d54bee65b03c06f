/** The echo server on raw sockets, with a task a connection: `mioloop-sockets.js <hosted|blocking>`. */
import { type Coroutine, type EventLoop, getRunningLoop, socket } from 'mioloop';
import { runServer } from './mioloop-support.js';
import { announce } from './support.js';

const READ_SIZE = 64 * 1024;
const BACKLOG = 100;

function* echo(loop: EventLoop, connection: socket.Socket): Coroutine<void> {
  try {
    for (;;) {
      const data = yield* loop.sockRecv(connection, READ_SIZE);
      if (data.length === 0) return;
      yield* loop.sockSendall(connection, data);
    }
  } finally {
    connection.close();
  }
}

runServer(function* () {
  const loop = getRunningLoop();
  const listener = new socket.Socket(socket.AF_INET, socket.SOCK_STREAM);
  listener.setBlocking(false);
  listener.bind(['127.0.0.1', 0]);
  listener.listen(BACKLOG);
  const [, port] = listener.getsockname();
  announce(port);
  for (;;) {
    const [connection] = yield* loop.sockAccept(listener);
    loop.createTask(echo(loop, connection));
  }
});
