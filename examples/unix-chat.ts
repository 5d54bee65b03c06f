// A chat on a Unix socket. `unix-chat.js /tmp/chat.sock` serves; `unix-chat.js /tmp/chat.sock Ada` joins, and so does
// everybody who sends a name and then lines: `socat - UNIX-CONNECT:/tmp/chat.sock`.
import { createInterface } from 'node:readline';
import { getRunningLoop, Protocol, run, type Transport } from 'mioloop';

/** A longer line is no line of a chat. */
const MAX_LINE_BYTES = 4096;
const NEWLINE = '\n'.charCodeAt(0);

/** Those who are in the room. */
class Room {
  readonly #members = new Set<Member>();

  enter(member: Member): void {
    member.say(`Welcome, ${member.name}: ${this.#members.size} here`);
    this.tell(`* ${member.name} has come`, member);
    this.#members.add(member);
  }

  leave(member: Member): void {
    if (this.#members.delete(member)) this.tell(`* ${member.name} has left`, member);
  }

  /** Tells everybody but `from`. */
  tell(text: string, from: Member): void {
    for (const member of this.#members) if (member !== from) member.say(text);
  }
}

/** The server's side of one connection. */
class Member extends Protocol {
  name = '';
  readonly #room: Room;
  #transport!: Transport;
  #rest = Buffer.alloc(0);

  constructor(room: Room) {
    super();
    this.#room = room;
  }

  say(text: string): void {
    this.#transport.write(Buffer.from(`${text}\n`));
  }

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override dataReceived(data: Buffer): void {
    let rest = Buffer.concat([this.#rest, data]);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.#heard(rest.toString('utf8', 0, end).trimEnd());
      rest = rest.subarray(end + 1);
    }
    this.#rest = rest;
    if (rest.length > MAX_LINE_BYTES) this.#transport.abort();
  }

  // Who does not read is sent away: what others say must not fill our memory.
  override pauseWriting(): void {
    this.#transport.abort();
  }

  override connectionLost(): void {
    this.#room.leave(this);
  }

  #heard(line: string): void {
    if (line === '') return;
    if (this.name !== '') {
      this.#room.tell(`${this.name}: ${line}`, this);
      return;
    }
    this.name = line;
    this.#room.enter(this);
  }
}

/** A client: prints what it is told. */
class Guest extends Protocol {
  readonly gone = getRunningLoop().createFuture<void>();

  override dataReceived(data: Buffer): void {
    process.stdout.write(data);
  }

  override connectionLost(): void {
    this.gone.setResult();
  }
}

function* serve(path: string) {
  const room = new Room();
  const server = yield* getRunningLoop().createUnixServer(() => new Member(room), path);
  console.log(`Serving on ${server.sockets[0]!.getsockname<string>()}, Ctrl-C ends it`);
  const stop = (): void => {
    server.close();
    server.closeClients();
  };
  process.once('SIGINT', stop);
  yield* server.waitClosed();
}

function* join(path: string, name: string) {
  const [transport, guest] = yield* getRunningLoop().createUnixConnection(() => new Guest(), path);
  const send = (line: string): void => transport.write(Buffer.from(`${line}\n`));
  send(name);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', send);
  lines.on('close', () => transport.writeEof());
  yield* guest.gone;
  lines.close();
  process.stdin.destroy();
}

const [path, name] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: unix-chat.js <path of the socket> [name]');
await run(name === undefined ? serve(path) : join(path, name));
