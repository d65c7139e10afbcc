import type { GpuReading } from '../../../../../exporters/gpu/reading.ts';
import type { KernelLog } from '../../../../../exporters/gpu/sources/kernel-log/kernel-log.ts';
import type { KernelXid } from '../../../../../exporters/gpu/sources/kernel-log/kernel-xid.ts';
import type { SpawnNvmlChild } from '../../../../../exporters/gpu/sources/nvml/child-process.ts';
import { createNvmlSource, type NvmlSource } from '../../../../../exporters/gpu/sources/nvml/nvml-source.ts';
import type { Answer, ChildOptions, Request } from '../../../../../exporters/gpu/sources/nvml/protocol.ts';
import type { Log } from '../../../../../kit/log.ts';
import { gpuReading, nodeReading } from '../../../../support/node-state.ts';

/** A child process that a test plays by hand. */
interface FakeChild {
  readonly options: ChildOptions;
  readonly requests: Request[];
  readonly signals: ('SIGTERM' | 'SIGKILL')[];
  readonly answer: (answer: Answer) => void;
  readonly touch: (gpu: number | undefined) => void;
  readonly exit: (how: string) => void;
  readonly abandon: jest.Mock;
}

let children: FakeChild[] = [];
let logged: string[] = [];

const spawn: SpawnNvmlChild = (options, { onProgress, onAnswer, onExit }) => {
  let touched: number | undefined;
  const child: FakeChild = {
    options,
    requests: [],
    signals: [],
    answer: onAnswer,
    touch: (gpu) => {
      touched = gpu;
      onProgress();
    },
    exit: onExit,
    abandon: jest.fn(),
  };
  children.push(child);
  return {
    pid: 1000 + children.length,
    send: (request) => child.requests.push(request),
    touchedGpu: () => touched,
    terminate: () => child.signals.push('SIGTERM'),
    kill: () => child.signals.push('SIGKILL'),
    abandon: () => child.abandon(),
  };
};

const record = (message: string): void => void logged.push(message);
const log: Log = { debug: record, info: record, warn: record, error: record, setLevel: () => {} };

const settings = {
  libraries: ['fake'],
  tierSeconds: { fast: 5, slow: 60, processes: 15 },
  pollSeconds: 1,
  deadlineSeconds: 2,
  patienceSeconds: 10,
};

beforeEach(() => {
  jest.useFakeTimers();
  children = [];
  logged = [];
});
afterEach(() => {
  jest.useRealTimers();
});

/** What the kernel log says is up to the test. */
let kernelSays: (events: readonly KernelXid[]) => void = () => {};
const kernelLog: KernelLog = {
  start: (onXids) => {
    kernelSays = onXids;
  },
  isActive: () => true,
  stop: () => {},
};

function start(): NvmlSource {
  const clock = { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 };
  const source = createNvmlSource(settings, { spawn, kernelLog, clock, log });
  source.start(() => {});
  return source;
}

function latest(): FakeChild {
  const child = children.at(-1);
  if (child === undefined) throw new Error('no child was started');
  return child;
}

const gpus = [0, 1, 2, 3].map((index) =>
  gpuReading({ index, uuid: `GPU-${index}`, identity: { pciBusId: `00000000:1${index}:00.0` } }),
);

/** Answers the request that is open with a reading of all GPUs that the child may touch. */
function answerReading(child = latest()): void {
  const request = child.requests.at(-1);
  if (request?.kind === 'collect') {
    const seen = gpus.filter(({ index }) => !request.wanted.skip.includes(index));
    child.answer({ kind: 'reading', id: request.id, reading: nodeReading(seen), gpuCount: 4, hearsEvents: true });
  } else if (request !== undefined) child.answer({ kind: 'events', id: request.id, events: [] });
}

function startWorking(): NvmlSource {
  const source = start();
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  return source;
}

function pass(seconds: number): void {
  jest.advanceTimersByTime(seconds * 1000);
}

test('reads at once when the child is ready, then polls every second and reads at the interval', () => {
  const source = startWorking();
  expect(source.state().reading?.gpus).toHaveLength(4);
  for (let second = 0; second < 6; second++) {
    pass(1);
    answerReading();
  }
  expect(latest().requests.map(({ kind }) => kind)).toEqual([
    'collect',
    'poll',
    'poll',
    'poll',
    'poll',
    'collect',
    'poll',
  ]);
});

test('never has two requests open', () => {
  startWorking();
  pass(1);
  const open = latest().requests.length;
  pass(1.5);
  expect(latest().requests).toHaveLength(open);
});

test('a hang takes the readings away at the deadline and shows in the state', () => {
  const source = startWorking();
  pass(1);
  expect(source.state().driver).toBe('ok');
  pass(2);
  expect(source.state()).toMatchObject({ driver: 'unresponsive', reading: undefined });
});

test('a call that returns late is a recovery without a restart', () => {
  const source = startWorking();
  pass(4);
  expect(source.state().driver).toBe('unresponsive');
  answerReading();
  expect(source.state().driver).toBe('ok');
  pass(0.1);
  answerReading();
  expect(source.state().reading?.gpus).toHaveLength(4);
  expect(latest().signals).toEqual([]);
  expect(children).toHaveLength(1);
});

test('a child that stays silent is asked to end, then killed, and a new one leaves the hanging GPU alone', () => {
  const source = startWorking();
  latest().touch(2);
  pass(3 + 10);
  expect(latest().signals).toEqual(['SIGTERM']);
  pass(2);
  expect(latest().signals).toEqual(['SIGTERM', 'SIGKILL']);
  expect(children).toHaveLength(1);
  latest().exit('SIGKILL');
  pass(0.5);
  expect(children).toHaveLength(2);
  expect(latest().options.skip).toEqual([2]);
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  expect(source.state()).toMatchObject({
    driver: 'ok',
    restarts: { hung: 1, crashed: 0 },
    enumerated: 4,
    silent: [{ index: 2, uuid: 'GPU-2', failure: 'call_hung' }],
  });
});

test('a process that even SIGKILL cannot end is never joined by a second one', () => {
  startWorking();
  pass(3600);
  expect(latest().signals).toContain('SIGKILL');
  expect(children).toHaveLength(1);
});

test('a GPU that was left alone is tried again after 30 s, and longer after the next hang', () => {
  startWorking();
  function hangOnGpu2(): void {
    latest().touch(2);
    latest().exit('SIGSEGV');
    pass(1);
    latest().answer({ kind: 'ready', gpuCount: 4 });
    answerReading();
  }
  function secondsUntilRetry(): number {
    for (let seconds = 0; seconds < 700; seconds++) {
      pass(1);
      const request = latest().requests.at(-1);
      if (request?.kind === 'collect' && request.wanted.skip.length === 0) return seconds;
      answerReading();
    }
    throw new Error('never tried again');
  }
  hangOnGpu2();
  expect(latest().options.skip).toEqual([2]);
  expect(secondsUntilRetry()).toBeCloseTo(30, -1);
  hangOnGpu2();
  expect(secondsUntilRetry()).toBeCloseTo(60, -1);
});

test('a crash is shown at once, keeps what was counted, and starts the child again with growing pauses', () => {
  const source = startWorking();
  pass(1);
  const poll = latest().requests.at(-1);
  latest().answer({
    kind: 'events',
    id: poll?.id ?? -1,
    events: [{ uuid: 'GPU-1', index: 1, xid: 79, atSeconds: 5 }],
  });
  latest().exit('SIGSEGV');
  expect(source.state()).toMatchObject({ driver: 'crashed', reading: undefined, restarts: { hung: 0, crashed: 1 } });
  expect(source.state().xids.find(({ uuid, xid }) => uuid === 'GPU-1' && xid === 79)?.count).toBe(1);
  pass(0.5);
  expect(children).toHaveLength(2);
  latest().exit('SIGSEGV');
  pass(0.9);
  expect(children).toHaveLength(2);
  pass(0.1);
  expect(children).toHaveLength(3);
});

test('if every GPU seems to hang, the driver is to blame and all are tried again', () => {
  startWorking();
  for (const index of [0, 1, 2, 3]) {
    latest().touch(index);
    latest().exit('SIGSEGV');
    pass(40);
  }
  expect(latest().options.skip).toEqual([]);
});

test('without a driver it says so once, and tries again without end', () => {
  const source = start();
  for (let round = 0; round < 5; round++) {
    latest().answer({ kind: 'init-failed', state: 'library_not_found', message: 'no library' });
    latest().exit('exit status 0');
    pass(31);
  }
  expect(source.state()).toMatchObject({ driver: 'library_not_found', restarts: { hung: 0, crashed: 0 } });
  expect(logged.filter((message) => message.includes('cannot be read'))).toHaveLength(1);
  expect(children.length).toBeGreaterThan(4);
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  expect(source.state().driver).toBe('ok');
});

test('a GPU that is not enumerated any more stays known as missing', () => {
  const source = startWorking();
  pass(5);
  for (let second = 0; second < 6; second++) {
    const request = latest().requests.at(-1);
    if (request?.kind === 'collect') {
      latest().answer({
        kind: 'reading',
        id: request.id,
        reading: nodeReading(gpus.slice(1)),
        gpuCount: 4,
        hearsEvents: true,
      });
    } else answerReading();
    pass(1);
  }
  expect(source.state().silent).toEqual([{ index: 0, uuid: 'GPU-0', failure: 'not_enumerated' }]);
});

test('when the driver goes away every known GPU is down with the reason, and up again when it comes back', () => {
  const source = startWorking();
  latest().answer({ kind: 'driver-gone', state: 'driver_not_loaded', message: 'unloaded' });
  latest().exit('exit status 0');
  expect(source.state().driver).toBe('driver_not_loaded');
  expect(source.state().silent).toEqual(gpus.map(({ index, uuid }) => ({ index, uuid, failure: 'driver_not_loaded' })));
  pass(1);
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  expect(source.state().silent).toEqual([]);
});

test('while the driver does not answer nothing is claimed about its GPUs', () => {
  const source = startWorking();
  pass(3);
  expect(source.state()).toMatchObject({ driver: 'unresponsive', silent: [] });
});

test('a GPU that hangs from the start on is left alone, though no child was ever ready', () => {
  const source = start();
  latest().touch(3);
  latest().exit('SIGSEGV');
  pass(1);
  expect(latest().options.skip).toEqual([3]);
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  expect(source.state().reading?.gpus.map(({ index }) => index)).toEqual([0, 1, 2]);
});

test('a GPU on trial that hangs again shows as a hang for as long as it does', () => {
  const source = startWorking();
  latest().touch(2);
  latest().exit('SIGSEGV');
  pass(1);
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  function isTrial(): boolean {
    const request = latest().requests.at(-1);
    return request?.kind === 'collect' && request.wanted.skip.length === 0;
  }
  while (!isTrial()) {
    pass(1);
    if (!isTrial()) answerReading();
  }
  expect(source.state().silent).toEqual([{ index: 2, uuid: 'GPU-2', failure: 'call_crashed' }]);
  expect(source.state().enumerated).toBe(4);
  latest().touch(2);
  pass(5);
  expect(source.state().driver).toBe('unresponsive');
  pass(600);
  expect(source.state().driver).toBe('unresponsive');
});

test('a GPU that does not tell its UUID is the one that was last at its index', () => {
  const source = startWorking();
  pass(5);
  for (let second = 0; second < 6; second++) {
    const request = latest().requests.at(-1);
    if (request?.kind === 'collect') {
      const lost = gpuReading({ index: 1, uuid: '', failure: 'gpu_is_lost' });
      const rest = gpus.filter(({ index }) => index !== 1);
      latest().answer({
        kind: 'reading',
        id: request.id,
        reading: nodeReading([lost, ...rest]),
        gpuCount: 4,
        hearsEvents: true,
      });
    } else answerReading();
    pass(1);
  }
  expect(source.state().reading?.gpus.find(({ index }) => index === 1)?.uuid).toBe('GPU-1');
  expect(source.state().silent).toEqual([]);
  expect(source.state().xids.some(({ uuid }) => uuid === '')).toBe(false);
});

test('a driver that is slower than its deadline is still asked for events', () => {
  startWorking();
  for (let second = 0; second < 60; second++) {
    pass(2.4);
    answerReading();
  }
  expect(latest().requests.filter(({ kind }) => kind === 'poll').length).toBeGreaterThan(10);
});

test('a first look at a GPU that hangs is found before the whole time for loading the driver is over', () => {
  const source = start();
  latest().touch(0);
  pass(4);
  latest().touch(1);
  pass(4);
  expect(source.state().driver).toBe('starting');
  pass(1);
  expect(source.state().driver).toBe('unresponsive');
});

test('stop asks the child to end, kills it after a while, and does not wait for ever', async () => {
  const source = startWorking();
  const stopped = source.stop();
  expect(latest().signals).toEqual(['SIGTERM']);
  pass(2);
  expect(latest().signals).toEqual(['SIGTERM', 'SIGKILL']);
  expect(latest().abandon).not.toHaveBeenCalled();
  pass(1);
  expect(latest().abandon).toHaveBeenCalledTimes(1);
  await stopped;
});

test('stop is over as soon as the child is', async () => {
  const source = startWorking();
  const stopped = source.stop();
  latest().exit('exit status 0');
  await stopped;
  expect(latest().signals).toEqual(['SIGTERM']);
});

test('reads each tier at its own interval, and the fast one along with every other', () => {
  startWorking();
  const wanted: string[] = [];
  for (let second = 0; second < 61; second++) {
    pass(1);
    const request = latest().requests.at(-1);
    if (request?.kind === 'collect') wanted.push(request.wanted.tiers.join('+'));
    answerReading();
  }
  expect(latest().requests[0]).toMatchObject({ wanted: { tiers: ['fast', 'slow', 'processes'], skip: [] } });
  expect(wanted.filter((tiers) => tiers.includes('slow'))).toHaveLength(1);
  expect(wanted.filter((tiers) => tiers.includes('processes'))).toHaveLength(4);
  expect(wanted.every((tiers) => tiers.includes('fast'))).toBe(true);
  expect(wanted.length).toBeGreaterThan(10);
});

test('after an XID error that makes calls block, the GPU is left alone for a while and shown with it', () => {
  const source = startWorking();
  pass(1);
  const poll = latest().requests.at(-1);
  const event = { uuid: 'GPU-2', index: 2, xid: 119, atSeconds: 5 };
  latest().answer({ kind: 'events', id: poll?.id ?? -1, events: [event] });
  expect(source.state().reading?.gpus.map(({ index }) => index)).toEqual([0, 1, 3]);
  expect(source.state().enumerated).toBe(4);
  for (let second = 0; second < 5; second++) {
    pass(1);
    answerReading();
  }
  const lastCollect = latest().requests.findLast(({ kind }) => kind === 'collect');
  expect(lastCollect).toMatchObject({ wanted: { skip: [2] } });
  expect(source.state().silent).toEqual([{ index: 2, uuid: 'GPU-2', failure: 'xid_119' }]);
  expect(children).toHaveLength(1);
});

describe('letting go of the driver', () => {
  test('ends the child, claims nothing about the GPUs, and takes the driver again when the time is over', async () => {
    const source = startWorking();
    const released = source.release(60);
    expect(latest().signals).toEqual(['SIGTERM']);
    latest().exit('exit status 0');
    await released;
    expect(source.state()).toMatchObject({ driver: 'released', reading: undefined, silent: [] });
    expect(source.state().releasedUntilSeconds).toBeCloseTo(Date.now() / 1000 + 60, 0);
    pass(59);
    expect(children).toHaveLength(1);
    pass(1);
    expect(children).toHaveLength(2);
    latest().answer({ kind: 'ready', gpuCount: 4 });
    answerReading();
    expect(source.state()).toMatchObject({ driver: 'ok', releasedUntilSeconds: undefined, reloads: 0 });
    expect(source.state().restarts).toEqual({ hung: 0, crashed: 0 });
  });

  test('ends early when it is asked to', async () => {
    const source = startWorking();
    const released = source.release(3600);
    latest().exit('exit status 0');
    await released;
    source.resume();
    expect(children).toHaveLength(2);
    expect(source.state().driver).toBe('starting');
    pass(3600);
    expect(children).toHaveLength(2);
  });

  test('works while there is no child, because the driver is not there', async () => {
    const source = start();
    latest().answer({ kind: 'init-failed', state: 'driver_not_loaded', message: 'no driver' });
    latest().exit('exit status 0');
    await source.release(60);
    pass(59);
    expect(children).toHaveLength(1);
    pass(2);
    expect(children).toHaveLength(2);
  });

  test('asked for twice is answered twice, with one signal to the child', async () => {
    const source = startWorking();
    const both = Promise.all([source.release(60), source.release(120)]);
    expect(latest().signals).toEqual(['SIGTERM']);
    latest().exit('exit status 0');
    await both;
    expect(source.state().releasedUntilSeconds).toBeCloseTo(Date.now() / 1000 + 120, 0);
  });

  test('is answered although the driver is taken again before the child has ended', async () => {
    const source = startWorking();
    const released = source.release(60);
    source.resume();
    latest().exit('exit status 0');
    await released;
    expect(source.state().driver).toBe('starting');
    pass(1);
    expect(children).toHaveLength(2);
  });

  test('is answered although the exporter stops', async () => {
    const source = startWorking();
    const released = source.release(60);
    const stopped = source.stop();
    latest().exit('exit status 0');
    await Promise.all([released, stopped]);
    expect(children).toHaveLength(1);
  });

  test('gives GPUs that were left alone a new start', async () => {
    const source = startWorking();
    kernelSays([{ pciBusId: '0000:12:00', xid: 119, atSeconds: 5, isOld: false }]);
    const released = source.release(60);
    latest().exit('exit status 0');
    await released;
    source.resume();
    expect(latest().options.skip).toEqual([]);
    latest().answer({ kind: 'ready', gpuCount: 4 });
    answerReading();
    expect(source.state().silent).toEqual([]);
    expect(source.state().reading?.gpus).toHaveLength(4);
  });

  test('says so when a hanging call does not let it, and kills the process', async () => {
    const source = startWorking();
    const released = source.release(60);
    const outcome = expect(released).rejects.toThrow(/hangs/);
    pass(12);
    await outcome;
    expect(latest().signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(source.state()).toMatchObject({
      driver: 'unresponsive',
      reading: undefined,
      releasedUntilSeconds: undefined,
    });
    latest().exit('SIGKILL');
    pass(1);
    expect(children).toHaveLength(2);
  });
});

test('the driver may take its time to be loaded', () => {
  const source = start();
  latest().touch(undefined);
  pass(55);
  expect(source.state().driver).toBe('starting');
  pass(6);
  expect(source.state().driver).toBe('unresponsive');
});

test('the deadline is for one GPU: a slow driver that goes on from GPU to GPU is no hang', () => {
  const source = startWorking();
  for (let second = 0; latest().requests.at(-1)?.kind !== 'collect' || second === 0; second++) {
    if (second > 0) answerReading();
    pass(1);
  }
  for (const index of [0, 1, 2, 3]) {
    latest().touch(index);
    pass(1.9);
  }
  expect(source.state().driver).toBe('ok');
  pass(0.2);
  expect(source.state().driver).toBe('unresponsive');
});

test('a burst of the same XID error counts as one reason to leave the GPU alone', () => {
  const source = startWorking();
  const burst = Array.from({ length: 6 }, () => ({ pciBusId: '0000:12:00', xid: 119, atSeconds: 5, isOld: false }));
  kernelSays(burst);
  let seconds = 0;
  for (; seconds < 700; seconds++) {
    pass(1);
    const request = latest().requests.at(-1);
    if (request?.kind === 'collect' && request.wanted.skip.length === 0) break;
    answerReading();
  }
  expect(seconds).toBeCloseTo(30, -1);
  expect(source.state().xids.find(({ uuid, xid }) => uuid === 'GPU-2' && xid === 119)?.count).toBe(6);
});

test('after the number of GPUs has changed no index is left alone, and the number is the new one', () => {
  const source = startWorking();
  kernelSays([{ pciBusId: '0000:13:00', xid: 79, atSeconds: 5, isOld: false }]);
  latest().answer({ kind: 'driver-gone', state: 'driver_not_loaded', message: 'unloaded' });
  latest().exit('exit status 0');
  pass(1);
  latest().answer({ kind: 'ready', gpuCount: 3 });
  const request = latest().requests.at(-1);
  const reading = nodeReading(gpus.slice(0, 3));
  latest().answer({ kind: 'reading', id: request?.id ?? -1, reading, gpuCount: 3, hearsEvents: true });
  expect(source.state().enumerated).toBe(3);
  expect(source.state().silent).toEqual([{ index: 3, uuid: 'GPU-3', failure: 'not_enumerated' }]);
});

test('a child that said why it ends and then hangs in the library is ended', () => {
  start();
  latest().answer({ kind: 'init-failed', state: 'driver_not_loaded', message: 'no driver' });
  pass(10);
  expect(latest().signals).toEqual(['SIGKILL']);
});

test('a process that cannot even be started is tried again', () => {
  const broken = { ...settings };
  let tries = 0;
  const source = createNvmlSource(broken, {
    spawn: () => {
      tries++;
      throw new Error('spawn ENOMEM');
    },
    kernelLog,
    clock: { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 },
    log,
  });
  source.start(() => {});
  pass(5);
  expect(tries).toBeGreaterThan(2);
  expect(source.state().driver).toBe('crashed');
});

test('counts that the driver went away and came back', () => {
  const source = startWorking();
  latest().answer({ kind: 'driver-gone', state: 'driver_not_loaded', message: 'unloaded' });
  latest().exit('exit status 0');
  expect(source.state().reloads).toBe(0);
  pass(1);
  latest().answer({ kind: 'ready', gpuCount: 4 });
  answerReading();
  expect(source.state().reloads).toBe(1);
});

describe('XID errors of the kernel log', () => {
  const xid79 = { pciBusId: '0000:12:00', xid: 79, atSeconds: 5, isOld: false };
  const countOf = (source: NvmlSource, uuid: string, code: number) =>
    source.state().xids.find((each) => each.uuid === uuid && each.xid === code);

  test('are counted for the GPU at that address, which is left alone if calls to it would block', () => {
    const source = startWorking();
    kernelSays([xid79]);
    expect(countOf(source, 'GPU-2', 79)).toMatchObject({ count: 1, lastSeconds: 5 });
    expect(source.state().silent).toEqual([{ index: 2, uuid: 'GPU-2', failure: 'xid_79' }]);
    expect(source.state().xidSources).toEqual({ nvml_events: true, kernel_log: true });
  });

  test('that come while a reading is under way are not forgiven by it', () => {
    const source = startWorking();
    for (let second = 0; latest().requests.at(-1)?.kind !== 'collect' || second === 0; second++) {
      if (second > 0) answerReading();
      pass(1);
    }
    kernelSays([xid79]);
    answerReading();
    expect(source.state().silent).toEqual([{ index: 2, uuid: 'GPU-2', failure: 'xid_79' }]);
    expect(source.state().reading?.gpus.map(({ index }) => index)).toEqual([0, 1, 3]);
  });

  test('count once when NVML reports them too', () => {
    const source = startWorking();
    kernelSays([xid79]);
    pass(1);
    const poll = latest().requests.at(-1);
    const event = { uuid: 'GPU-2', index: 2, xid: 79, atSeconds: 6 };
    latest().answer({ kind: 'events', id: poll?.id ?? -1, events: [event] });
    expect(countOf(source, 'GPU-2', 79)?.count).toBe(1);
  });

  test('from before the start show when they were and count nothing, also if they come before the first reading', () => {
    const source = start();
    kernelSays([{ ...xid79, isOld: true }]);
    latest().answer({ kind: 'ready', gpuCount: 4 });
    answerReading();
    expect(countOf(source, 'GPU-2', 79)).toMatchObject({ count: 0, lastSeconds: 5 });
    expect(source.state().silent).toEqual([]);
  });

  test('of a GPU that nobody knows are counted when it answers', () => {
    const source = start();
    kernelSays([{ ...xid79, xid: 31 }]);
    latest().answer({ kind: 'ready', gpuCount: 4 });
    answerReading();
    expect(countOf(source, 'GPU-2', 31)?.count).toBe(1);
  });
});

test('the log tells once that a GPU does not answer, with what it takes to find it, and once that it does again', () => {
  startWorking();
  const lost = [
    gpuReading({ index: 1, uuid: 'GPU-1', failure: 'gpu_is_lost' }),
    ...gpus.filter(({ index }) => index !== 1),
  ];
  const answer = (all: readonly GpuReading[]): void => {
    for (let second = 0; second < 12; second++) {
      const request = latest().requests.at(-1);
      const reading = nodeReading(all);
      if (request?.kind === 'collect')
        latest().answer({ kind: 'reading', id: request.id, reading, gpuCount: 4, hearsEvents: true });
      else answerReading();
      pass(1);
    }
  };
  answer(lost);
  answer(gpus);
  expect(logged.filter((message) => message.startsWith('the GPU'))).toEqual([
    'the GPU does not answer',
    'the GPU answers again',
  ]);
});
