import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createKernelLog,
  listenTo,
  piecesPerPoll,
} from '../../../../../exporters/gpu/sources/kernel-log/kernel-log.ts';
import { type KernelXid, toKernelXid } from '../../../../../exporters/gpu/sources/kernel-log/kernel-xid.ts';
import { openKmsg } from '../../../../../exporters/gpu/sources/kernel-log/kmsg-device.ts';
import type { LogPiece, LogReader } from '../../../../../exporters/gpu/sources/kernel-log/log-reader.ts';
import { systemClock } from '../../../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../../../kit/errors.ts';
import { createLog } from '../../../../../kit/log.ts';
import { eventually } from '../../../../support/eventually.ts';

const text = 'NVRM: Xid (PCI:0000:01:00 GPU-I:02): 94, pid=4242, name=secret-project, x';
const pollSeconds = 0.01;
const nothing: LogPiece = { messages: [], isBacklog: false, isBehind: false, isSilent: false, missed: 0 };

let lines: string[];
let stop = (): void => {};
const log = () => createLog({ level: 'info', format: 'logfmt', daemon: 'gpu', write: (line) => void lines.push(line) });
const settings = () => ({ path: '/dev/kmsg', pollSeconds, clock: systemClock, log: log(), mustBeRead: true });

beforeEach(() => {
  lines = [];
});

afterEach(() => stop());

/** Starts to listen; what is heard is added to the list. */
function hear(kernelLog: ReturnType<typeof createKernelLog>): KernelXid[] {
  const heard: KernelXid[] = [];
  kernelLog.start((events) => heard.push(...events));
  stop = kernelLog.stop;
  return heard;
}

/** Answers with the steps one after the other, then with nothing new. */
function fakeReader(steps: (Partial<LogPiece> | Error)[]): LogReader & { closed: number } {
  const reader = {
    closed: 0,
    poll: async () => {
      const step = steps.shift();
      if (step instanceof Error) throw step;
      return { ...nothing, ...step };
    },
    close: async () => void reader.closed++,
  };
  return reader;
}

describe('the time of an XID', () => {
  const time = { now: 1000, kernelNow: 500, startedAt: 900 };

  test('is when it was heard, if the log does not tell', () => {
    expect(toKernelXid({ text }, false, time)).toEqual({
      pciBusId: '0000:01:00',
      gpuInstanceId: 2,
      xid: 94,
      atSeconds: 1000,
      isOld: false,
    });
  });

  test('is counted back on the clock of the kernel', () => {
    expect(toKernelXid({ text, kernelSeconds: 470 }, false, time)).toMatchObject({ atSeconds: 970, isOld: false });
    expect(toKernelXid({ text, kernelSeconds: 300 }, false, time)).toMatchObject({ atSeconds: 800, isOld: true });
  });

  test('is never in the future, and old if it lies before the start or in the backlog', () => {
    expect(toKernelXid({ text, unixSeconds: 2000 }, false, time)).toMatchObject({ atSeconds: 1000, isOld: false });
    expect(toKernelXid({ text, unixSeconds: 899 }, false, time)).toMatchObject({ atSeconds: 899, isOld: true });
    expect(toKernelXid({ text, unixSeconds: 950 }, true, time)).toMatchObject({ atSeconds: 950, isOld: true });
  });

  test('is asked of no other message', () => {
    expect(toKernelXid({ text: 'usb 1-1: new device' }, false, time)).toBeUndefined();
  });
});

test('a file is listened to until the end, and what it says of processes stays in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-log-'));
  const path = join(folder, 'kern.log');
  writeFileSync(path, `${text}\n`);
  const kernelLog = createKernelLog({ path, pollSeconds, clock: systemClock, log: log() });
  const heard = hear(kernelLog);
  await eventually('the log to be read', () => kernelLog.isActive() || undefined);
  appendFileSync(path, `2000-01-01T00:00:00Z node kernel: ${text}\n${text}\n`);
  await eventually('both XIDs', () => heard.length === 2 || undefined);
  expect(heard).toEqual([
    { pciBusId: '0000:01:00', gpuInstanceId: 2, xid: 94, atSeconds: 946_684_800, isOld: true },
    { pciBusId: '0000:01:00', gpuInstanceId: 2, xid: 94, atSeconds: expect.any(Number), isOld: false },
  ]);
  kernelLog.stop();
  expect(kernelLog.isActive()).toBe(false);
  expect(lines.join('')).not.toContain('secret-project');
  rmSync(folder, { recursive: true });
});

test('a log that cannot be read is complained of once, tried again, and its return is told', async () => {
  const broken = new SourceError('EPERM: no (use root)');
  const reader = fakeReader([broken, broken, broken, {}, { messages: [{ text }] }]);
  const kernelLog = listenTo(reader, settings());
  const heard = hear(kernelLog);
  await eventually('the XID', () => heard[0]);
  expect(kernelLog.isActive()).toBe(true);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('level=warn msg="the kernel log cannot be read, it is tried again"');
  expect(lines[0]).toContain('use root');
  expect(lines[1]).toContain('can be read again');
});

test('a log that is only tried is given up with one line that warns of nothing', async () => {
  const reader = fakeReader([new SourceError('EPERM: no (use root)')]);
  const kernelLog = listenTo(reader, { ...settings(), mustBeRead: false });
  hear(kernelLog);
  await eventually('the reader to be let go', () => reader.closed || undefined);
  expect(kernelLog.isActive()).toBe(false);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('level=info msg="XIDs are heard through NVML only');
});

test('a log that was only tried and then read is not given up when it breaks off', async () => {
  const reader = fakeReader([{}, new SourceError('EIO'), { messages: [{ text }] }]);
  const heard = hear(listenTo(reader, { ...settings(), mustBeRead: false }));
  await eventually('the XID', () => heard[0]);
  expect(reader.closed).toBe(0);
});

test('a pipe without a writer is not active', async () => {
  const kernelLog = listenTo(
    fakeReader([{ missed: 1 }, { isSilent: true }, { isSilent: true, missed: 2 }]),
    settings(),
  );
  hear(kernelLog);
  await eventually('the log to be read', () => kernelLog.isActive() || undefined);
  expect(kernelLog.isActive()).toBe(true);
  const silent = listenTo(fakeReader(Array.from({ length: 1000 }, () => ({ isSilent: true, missed: 1 }))), settings());
  kernelLog.stop();
  hear(silent);
  await eventually('the second log to be read', () => (lines.length === 2 ? true : undefined));
  expect(silent.isActive()).toBe(false);
});

test('messages that were written over are warned of once', async () => {
  const heard = hear(listenTo(fakeReader([{ missed: 7 }, { missed: 7 }, { messages: [{ text }] }]), settings()));
  await eventually('the XID', () => heard[0]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('missed=7');
});

test('a log that grows without end waits for the next poll, and leaves turns to others in between', async () => {
  const turns: number[] = [];
  let pieces = 0;
  const reader: LogReader = {
    poll: async () => {
      pieces++;
      setImmediate(() => turns.push(pieces));
      return { ...nothing, isBehind: true };
    },
    close: async () => {},
  };
  hear(listenTo(reader, { ...settings(), pollSeconds: 1000 }));
  await eventually('a poll to end', () => turns.length === piecesPerPoll || undefined);
  expect(turns).toEqual(Array.from({ length: piecesPerPoll }, (_, index) => index + 1));
});

test('after stop nothing is heard, and the reader is let go, also in the middle of a poll', async () => {
  let answer = (_: LogPiece): void => {};
  let closed = 0;
  const reader: LogReader = {
    poll: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    close: async () => void closed++,
  };
  const kernelLog = listenTo(reader, settings());
  const heard = hear(kernelLog);
  const answerNow = answer;
  await eventually('a poll', () => answer !== answerNow || undefined);
  kernelLog.stop();
  expect(closed).toBe(0);
  answer({ ...nothing, messages: [{ text }] });
  await eventually('the reader to be let go', () => closed || undefined);
  expect(heard).toEqual([]);
});

test('none is never active', async () => {
  const kernelLog = createKernelLog({ path: 'none', pollSeconds, clock: systemClock, log: log() });
  expect(hear(kernelLog)).toEqual([]);
  expect(kernelLog.isActive()).toBe(false);
});

test('auto listens to the device if this machine lets it, else says so', async () => {
  const kernelLog = createKernelLog({ path: 'auto', pollSeconds, clock: systemClock, log: log() });
  const heard = hear(kernelLog);
  await eventually('an outcome', () => kernelLog.isActive() || lines.length > 0 || undefined);
  const refusal = whyNotReadable();
  expect({ isActive: kernelLog.isActive(), lines: lines.length }).toEqual(
    refusal === undefined ? { isActive: true, lines: 0 } : { isActive: false, lines: 1 },
  );
  // What this machine's log holds was there before.
  expect(heard.filter(({ isOld }) => !isOld)).toEqual([]);
});

function whyNotReadable(): string | undefined {
  try {
    openKmsg('/dev/kmsg').close();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
