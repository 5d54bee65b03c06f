/** The echo server on Bun's own sockets: run by `bun`. */
/* global Bun */

// `write` answers how many bytes it took; the rest is kept here until `drain`.
const server = Bun.listen({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    open(socket) {
      socket.data = { unsent: [], ended: false };
    },
    data(socket, bytes) {
      const { unsent } = socket.data;
      const sent = unsent.length > 0 ? 0 : socket.write(bytes);
      if (sent < bytes.byteLength) unsent.push(bytes.slice(Math.max(0, sent)));
    },
    drain(socket) {
      const { unsent, ended } = socket.data;
      while (unsent.length > 0) {
        const sent = Math.max(0, socket.write(unsent[0]));
        if (sent < unsent[0].byteLength) {
          unsent[0] = unsent[0].subarray(sent);
          return;
        }
        unsent.shift();
      }
      if (ended) socket.end();
    },
    end(socket) {
      socket.data.ended = true;
      if (socket.data.unsent.length === 0) socket.end();
    },
    error() {},
  },
});

console.log(`PORT ${server.port}`);
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
