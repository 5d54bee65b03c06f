// Descriptors of every kind that can be watched. python3 makes them, and Node inherits them.

import { spawn } from 'node:child_process';
import test from 'ava';
import { PACKAGE_ROOT } from './support/program.js';
import { hasPython } from './support/stranger.js';

/** Starts Node with the descriptors that `setup` has put into `fds`, then does `behind`; prints what Node printed. */
const PARENT = `
import os, sys, json, subprocess
fds = []
SETUP
child = subprocess.Popen([sys.argv[1], '--input-type=module', '--eval', sys.argv[2], json.dumps(fds), sys.argv[3]],
    pass_fds=fds, stdout=subprocess.PIPE, text=True)
def ready():
    while (line := child.stdout.readline()) != 'ready\\n':
        assert line, 'it ended'
        print(line, end='')
BEHIND
print(child.stdout.read(), end='')
sys.exit(child.wait())
`;

/** What Node does first: it runs `main` in both modes. */
const CHILD = `
import { closeSync, readSync, writeSync } from 'node:fs';
import { getRunningLoop, run, runSync } from 'mioloop';
const fds = JSON.parse(process.argv[1]);
const loop = () => getRunningLoop();
const say = (text) => writeSync(1, text + '\\n');
const read = (fd, size = 100) => { const buffer = Buffer.alloc(size); return buffer.subarray(0, readSync(fd, buffer)); };
/** A future that is done when fd is readable. */
const readable = (fd) => { const future = loop().createFuture(); loop().addReader(fd, () => { loop().removeReader(fd); future.setResult(); }); return future; };
const writable = (fd) => { const future = loop().createFuture(); loop().addWriter(fd, () => { loop().removeWriter(fd); future.setResult(); }); return future; };
function* main() { MAIN }
if (process.argv[2] === 'hosted') await run(main);
else setImmediate(() => runSync(main));
`;

interface Kind {
  title: string;
  setup: string;
  behind: string;
  main: string;
  says: string;
  needs?: string;
}

const KINDS: Kind[] = [
  {
    title: 'a pipe is readable when something is written, and at its end',
    setup: 'r, w = os.pipe(); fds.append(r)',
    behind: "os.close(r); ready(); os.write(w, b'through the pipe'); ready(); os.close(w)",
    main: `
      const [pipe] = fds;
      const first = readable(pipe);
      say('ready');
      yield* first;
      say(String(read(pipe)));
      const end = readable(pipe);
      say('ready');
      yield* end;
      say('end: ' + read(pipe).length);`,
    says: 'through the pipe\nend: 0\n',
  },
  {
    title: 'a pipe is writable when there is room, and when nobody reads any more',
    setup: 'r, w = os.pipe(); os.set_blocking(w, False); fds.append(w)',
    behind: 'os.close(w); ready(); os.read(r, 1 << 20); ready(); os.close(r)',
    main: `
      const [pipe] = fds;
      yield* writable(pipe);
      const fill = () => { try { for (;;) writeSync(pipe, Buffer.alloc(4096)); } catch (error) { return error.code; } };
      say2(fill());
      const room = writable(pipe);
      say('ready');
      yield* room;
      fill();
      const nobody = writable(pipe);
      say('ready');
      yield* nobody;
      say(fill());
      function say2(code) { if (code !== 'EAGAIN') throw new Error(code); }`,
    says: 'EPIPE\n',
  },
  {
    title: 'a terminal is readable when a line has been typed',
    setup: 'import pty; master, slave = pty.openpty(); fds.append(slave)',
    behind: "os.close(slave); ready(); os.write(master, b'half a '); os.write(master, b'line\\n')",
    main: `
      const [terminal] = fds;
      const line = readable(terminal);
      say('ready');
      yield* line;
      say(String(read(terminal)).trim());
      yield* writable(terminal);
      say('and writable');`,
    says: 'half a line\nand writable\n',
  },
  {
    title: 'an eventfd is readable when it is not 0, and counts',
    setup: 'event = os.eventfd(0, os.EFD_NONBLOCK); fds.append(event)',
    behind: 'ready(); os.eventfd_write(event, 3)',
    main: `
      const [event] = fds;
      const told = readable(event);
      say('ready');
      yield* told;
      say('counted ' + read(event, 8).readBigUInt64LE());
      yield* writable(event);
      say('and writable');`,
    says: 'counted 3\nand writable\n',
    needs: "hasattr(os, 'eventfd')",
  },
  {
    title: 'a timerfd is readable when it is due',
    setup: `
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
timer = libc.timerfd_create(1, os.O_NONBLOCK)
fds.append(timer)`,
    behind: "ready(); libc.timerfd_settime(timer, 0, struct.pack('qqqq', 0, 0, 0, 1_000_000), None)",
    main: `
      const [timer] = fds;
      const due = readable(timer);
      say('ready');
      yield* due;
      say('due ' + read(timer, 8).readBigUInt64LE());`,
    says: 'due 1\n',
    needs: "sys.platform == 'linux'",
  },
  {
    title: 'a FIFO, a socket and an epoll in one loop',
    setup: `
import select, socket, tempfile
folder = tempfile.mkdtemp(); path = os.path.join(folder, 'fifo'); os.mkfifo(path)
fifo = os.open(path, os.O_RDWR | os.O_NONBLOCK); os.unlink(path); os.rmdir(folder)
ours, theirs = socket.socketpair()
r, w = os.pipe()
poll = select.epoll(); poll.register(r, select.EPOLLIN)
fds += [fifo, ours.fileno(), poll.fileno()]`,
    behind: "ready(); os.write(fifo, b'x'); ready(); theirs.send(b'x'); ready(); os.write(w, b'x')",
    main: `
      const all = fds.map((fd) => readable(fd));
      for (const future of all) {
        say('ready');
        yield* future;
      }
      say('all three');`,
    says: 'all three\n',
    needs: "sys.platform == 'linux'",
  },
];

for (const { title, setup, behind, main, says, needs = 'True' } of KINDS) {
  for (const mode of ['hosted', 'blocking']) {
    test.serial(`${title} [${mode}]`, async (t) => {
      if (!hasPython) {
        t.log('skipped: no python3 here');
        t.pass();
        return;
      }
      const guard = `\nif not (${needs}):\n    print('not here'); sys.exit()\n`;
      const parent = PARENT.replace('SETUP', () => guard + setup).replace('BEHIND', () => behind);
      const child = CHILD.replace('MAIN', () => main);
      const { stdout, stderr, code } = await runPython(parent, process.execPath, child, mode);
      t.is(stderr, '');
      t.is(code, 0);
      if (stdout === 'not here\n') t.log('skipped: this system has no such descriptor');
      else t.is(stdout, says);
    });
  }
}

interface Printed {
  stdout: string;
  stderr: string;
  code: number | null;
}

function runPython(...args: string[]): Promise<Printed> {
  const child = spawn('python3', ['-c', ...args], { cwd: PACKAGE_ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Printed = { stdout: '', stderr: '', code: null };
  child.stdout.on('data', (data: Buffer) => {
    printed.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    printed.stderr += data.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...printed, code }));
  });
}
