/** The echo server on Deno's own sockets: run by `deno run --allow-net`. */
/* global Deno */

/** Holds a whole message of 100 KiB. */
const BUFFER_SIZE = 128 * 1024;

async function echo(connection) {
  const buffer = new Uint8Array(BUFFER_SIZE);
  try {
    for (;;) {
      const count = await connection.read(buffer);
      if (count === null) break;
      for (let sent = 0; sent < count; ) sent += await connection.write(buffer.subarray(sent, count));
    }
  } catch {
    // The client has gone.
  }
  connection.close();
}

async function exitWithStdin() {
  const ignored = new Uint8Array(256);
  while ((await Deno.stdin.read(ignored)) !== null);
  Deno.exit(0);
}

const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 });
console.log(`PORT ${listener.addr.port}`);
void exitWithStdin();
for await (const connection of listener) void echo(connection);
