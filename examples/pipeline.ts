// What a shell does for `ls | sort -r | head -n 5`: three children, each of which reads what the one before writes. The bytes go
// from child to child; only the last one's come here. `pipeline.js [folder]`
import { createSubprocessExec, gather, PIPE, run, socket } from 'mioloop';

function* pipeline(folder: string) {
  // Each joint is two connected descriptors. They are the children's: here they are closed once these have started, because a
  // reader sees the end when nobody can write any more.
  using listed = joint();
  using sorted = joint();
  const ls = yield* createSubprocessExec('ls', ['-1', folder], { stdout: listed.in });
  const sort = yield* createSubprocessExec('sort', ['-r'], { stdin: listed.out, stdout: sorted.in });
  const head = yield* createSubprocessExec('head', ['-n', '5'], { stdin: sorted.out, stdout: PIPE });
  listed.close();
  sorted.close();
  for (;;) {
    const line = yield* head.stdout!.readline();
    if (line.length === 0) break;
    process.stdout.write(line);
  }
  const codes = yield* gather(ls.wait(), sort.wait(), head.wait());
  console.log(`ended with ${codes.join(', ')}`);
}

function joint() {
  const [first, second] = socket.socketpair();
  const close = (): void => {
    first.close();
    second.close();
  };
  return { in: first, out: second, close, [Symbol.dispose]: close };
}

await run(pipeline(process.argv[2] ?? '.'));
