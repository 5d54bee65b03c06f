/** The UDP echo server on Node's `dgram`, as users write it. */
import { createSocket } from 'node:dgram';
import { announce, exitWithStdin } from './support.js';

const socket = createSocket('udp4', (data, { address, port }) => socket.send(data, port, address));

socket.bind(0, '127.0.0.1', () => announce(socket.address().port));
exitWithStdin();
