/** The echo server on Node's `net`, as users write it. */
import { type AddressInfo, createServer } from 'node:net';
import { announce, exitWithStdin, startExtras } from './support.js';

const server = createServer((socket) => {
  socket.on('data', (data) => socket.write(data));
  socket.on('error', () => socket.destroy());
});

server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port));
exitWithStdin();
startExtras(process.argv);
