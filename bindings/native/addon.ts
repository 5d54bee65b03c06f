// Loads the native addon of this platform; the only file that knows its name and place, which is beside the
// bundle that this becomes a part of.
import { createRequire } from 'node:module';
import type * as Binding from './binding.js';

export type {
  ChildSpec,
  Ends,
  FoundAddress,
  NativeAddress,
  NativeLoop,
  NativeSignals,
  NativeSocket,
  Opened,
  Posted,
  ReceivedFrom,
  SharedArrays,
  Spawned,
} from './binding.js';

// The C library that a Linux program runs on can't be asked cheaply, so both builds are tried.
const FLAVOURS = process.platform === 'linux' ? ['-gnu', '-musl'] : [''];

function load(): typeof Binding {
  const require = createRequire(import.meta.url);
  const failures: unknown[] = [];
  for (const flavour of FLAVOURS) {
    const file = `./native/mioloop.${process.platform}-${process.arch}${flavour}.node`;
    try {
      return require(file) as typeof Binding;
    } catch (error) {
      failures.push(error);
    }
  }
  const place = `${process.platform}-${process.arch}`;
  throw new AggregateError(
    failures,
    `mioloop has no native part for ${place} that loads here; build it with \`npm run build\``,
  );
}

const binding = load();

export const {
  NativeLoop: Native,
  adoptSocket,
  closedSocket,
  decodeAddress,
  encodeAddress,
  groupId,
  hearBell,
  isLiteral,
  listedSocketKinds,
  makeBell,
  moveFile,
  openSignals,
  openSocket,
  openSocketPair,
  post,
  raiseUncaught,
  readFile,
  removeBell,
  ringBell,
  ringBellAtEnd,
  socketConstants,
  userId,
} = binding;
/** Whether the core itself wakes a host when a timer is due. */
export const HAS_ALARM = binding.hasAlarm();
