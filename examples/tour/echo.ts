/** An echo service on mioloop and a hundred clients of Node's `net`, all in this process: the run is hosted. */
import { randomBytes, randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { getRunningLoop, Protocol, run, type Transport } from 'mioloop';

const CLIENTS = 100;
/** More than a socket's buffers hold, so that flow control has work to do. */
const BYTES_PER_CLIENT = 256 * 1024;
const LARGEST_PIECE = 64 * 1024;
/** A client that hears nothing for so long has failed. */
const SILENCE_LIMIT_MS = 10_000;

class Echo extends Protocol {
  static connections = 0;
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
    Echo.connections++;
  }

  override dataReceived(data: Buffer): void {
    this.#transport.write(data);
  }

  override pauseWriting(): void {
    this.#transport.pauseReading();
  }

  override resumeWriting(): void {
    this.#transport.resumeReading();
  }
}

/** Rejects when a byte is wrong, missing or too many. */
export async function serveHundredClients(): Promise<void> {
  const started = performance.now();
  await run(async () => {
    const server = await getRunningLoop().createServer(() => new Echo(), '127.0.0.1', 0);
    const [, port] = server.sockets[0]!.getsockname();
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => talk(number, port)));
    server.close();
    await server.waitClosed();
  });
  if (Echo.connections !== CLIENTS)
    throw new Error(`the service saw ${Echo.connections} of ${CLIENTS} clients`);
  const mebibytes = (CLIENTS * BYTES_PER_CLIENT) / 1024 ** 2;
  const seconds = (performance.now() - started) / 1_000;
  console.log(`${CLIENTS} clients sent ${mebibytes} MiB of random bytes, in pieces of random size`);
  console.log(`and got every byte back as it was, in ${seconds.toFixed(2)} s.`);
}

/** One client: sends, ends its side, and compares what came back. */
async function talk(number: number, port: number): Promise<void> {
  const sent = randomBytes(BYTES_PER_CLIENT);
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(SILENCE_LIMIT_MS, () => socket.destroy(new Error(`client ${number} hears nothing`)));
  sendInPieces(socket, sent);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  const received = Buffer.concat(pieces);
  if (!received.equals(sent))
    throw new Error(`client ${number} got other bytes back: ${difference(sent, received)}`);
}

function sendInPieces(socket: Socket, bytes: Buffer): void {
  let start = 0;
  while (start < bytes.length) {
    const end = start + randomInt(1, LARGEST_PIECE);
    socket.write(bytes.subarray(start, end));
    start = end;
  }
  socket.end();
}

function difference(sent: Buffer, received: Buffer): string {
  const index = received.findIndex((byte, at) => byte !== sent[at]);
  return index < 0 ? `${received.length} of ${sent.length}` : `the first wrong one is at ${index}`;
}
