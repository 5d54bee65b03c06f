// Callbacks, timers and stop(): no sockets. The Python side is python/callbacks.py.

import { script, virtualScript } from './scenario.js';

script('call-soon (B19, B20, B21)', async (twin) => {
  const { loop } = twin;
  const first = (tag: string) => {
    twin.log(`first ${tag}`);
    loop.callSoon(nested);
    loop.callSoon(twin.logger('nested, scheduled second'));
  };
  const nested = () => {
    twin.log('nested');
    loop.callSoon(twin.logger('nested twice'));
    loop.callSoon(() => loop.stop());
  };

  loop.callSoon(first, 'with an argument');
  loop.callSoon(twin.logger('second'));
  const cancelled = loop.callSoon(twin.logger('never'));
  loop.callSoon(twin.logger('third'));
  cancelled.cancel();
  await twin.runForever();
});

script('call-soon-threadsafe (B24)', async (twin) => {
  const { loop } = twin;
  const first = () => {
    loop.callSoon(twin.logger('soon 1'));
    loop.callSoonThreadsafe(twin.logger('threadsafe'));
    loop.callSoon(twin.logger('soon 2'));
    loop.callSoon(() => loop.callSoon(() => loop.stop()));
    twin.log('scheduled');
  };

  loop.callSoonThreadsafe(first);
  await twin.runForever();
});

script('cancel-in-batch (B20)', async (twin) => {
  const { loop } = twin;
  const first = () => {
    twin.log('first cancels second');
    second.cancel();
  };

  loop.callSoon(first);
  const second = loop.callSoon(twin.logger('never'));
  loop.callSoon(twin.logger('third'));
  loop.callSoon(() => loop.stop());
  await twin.runForever();
});

script('call-later-zero (B22)', async (twin) => {
  const { loop } = twin;
  const first = () => {
    twin.log('first');
    loop.callLater(0, nestedTimer);
    loop.callSoon(twin.logger('nested soon'));
    loop.callLater(0, twin.logger('nested timer, scheduled second'));
  };
  const nestedTimer = () => {
    twin.log('nested timer');
    loop.callSoon(() => loop.stop());
  };

  loop.callLater(0, twin.logger('timer'));
  loop.callSoon(first);
  loop.callSoon(twin.logger('second'));
  await twin.runForever();
});

script('negative-delays (B31)', async (twin) => {
  const { loop } = twin;
  loop.callLater(0, () => loop.stop());
  loop.callLater(-1, twin.logger('-1'));
  loop.callLater(-3, twin.logger('-3'));
  loop.callLater(-2, twin.logger('-2'));
  loop.callSoon(twin.logger('soon'));
  await twin.runForever();
});

virtualScript('timer-wait (B33)', async (twin) => {
  const { loop } = twin;
  const late = () => {
    twin.log('1.25 s');
    loop.callSoon(() => loop.stop());
  };

  loop.callLater(1.25, late);
  loop.callLater(0.25, twin.logger('0.25 s'));
  loop.callLater(0.5, twin.logger('never')).cancel();
  loop.callAt(loop.time() + 0.75, twin.logger('0.75 s'));
  await twin.runForever();
});

script('stop-before-run (B5)', async (twin) => {
  const { loop } = twin;
  loop.callSoon(() => {
    twin.log('soon');
    loop.callSoon(twin.logger('nested'));
  });
  loop.callLater(-1, twin.logger('due timer'));
  loop.callLater(60, twin.logger('never'));
  loop.stop();
  await twin.runForever();
  twin.log('first run returned');
  loop.stop();
  await twin.runForever();
  twin.log('second run returned');
});

script('stop-in-batch (B6)', async (twin) => {
  const { loop } = twin;
  const first = () => {
    twin.log('first stops');
    loop.stop();
    loop.callSoon(twin.logger('scheduled after stop'));
    loop.callSoon(() => loop.stop());
    loop.callSoon(twin.logger('the rest of the second batch'));
  };

  loop.callSoon(first);
  loop.callSoon(twin.logger('the rest of the batch'));
  await twin.runForever();
  twin.log('first run returned');
  await twin.runForever();
  twin.log('second run returned');
});

script('run-once (B7)', async (twin) => {
  const { loop } = twin;
  loop.callSoon(() => {
    twin.log('ready');
    loop.callSoon(twin.logger('next run'));
  });
  loop.callSoon(() => loop.stop());
  loop.callSoon(twin.logger('ready, behind stop'));
  await twin.runForever();
  twin.log('first run returned');
  loop.callSoon(() => loop.stop());
  await twin.runForever();
  twin.log('second run returned');
});
