import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKmsg } from '../../../../../exporters/gpu/sources/kernel-log/kmsg-device.ts';
import { createKmsgReader, readsPerPiece } from '../../../../../exporters/gpu/sources/kernel-log/kmsg-reader.ts';

const record = (sequence: number, code = 79) =>
  `3,${sequence},${sequence * 1_000_000},-;NVRM: Xid (PCI:0000:01:00): ${code}, x\n SUBSYSTEM=pci\n`;

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: read`), { code });
}

/** Gives its steps one by one, then EAGAIN: a text is a record, a code an error. */
function fakeKmsg(steps: (string | { readonly code: string })[]) {
  const opened: string[] = [];
  return {
    opened,
    open: () => {
      opened.push('open');
      return {
        read: (buffer: Buffer) => {
          const step = steps.shift();
          if (typeof step === 'string') return buffer.write(step);
          throw errno(step?.code ?? 'EAGAIN');
        },
        close: () => void opened.push('close'),
      };
    },
  };
}

test('what was there before is backlog with its time, what comes after is heard now', async () => {
  const steps: (string | { readonly code: string })[] = [record(1), '6,2,2000000,-;other\n', record(3)];
  const reader = createKmsgReader(fakeKmsg(steps));
  const before = await reader.poll();
  expect(before).toMatchObject({ isBacklog: true, isBehind: false, missed: 0 });
  expect(before.messages.map(({ kernelSeconds }) => kernelSeconds)).toEqual([1, 3]);
  steps.push(record(4));
  const after = await reader.poll();
  expect(after).toMatchObject({ isBacklog: false, messages: [{ text: 'NVRM: Xid (PCI:0000:01:00): 79, x' }] });
  expect(after.messages[0]).not.toHaveProperty('kernelSeconds');
});

test('records that were written over are counted, and reading goes on', async () => {
  const steps = [
    record(1),
    { code: 'EPIPE' },
    record(11),
    { code: 'EINVAL' },
    record(13),
    { code: 'EINTR' },
    record(14),
  ];
  const piece = await createKmsgReader(fakeKmsg(steps)).poll();
  expect(piece.messages).toHaveLength(4);
  expect(piece.missed).toBe(10);
});

test('a device that is opened anew gives no record twice', async () => {
  const steps: (string | { readonly code: string })[] = [record(1), record(2)];
  const device = fakeKmsg(steps);
  const reader = createKmsgReader(device);
  await reader.poll();
  steps.push({ code: 'EIO' });
  await expect(reader.poll()).rejects.toThrow('EIO');
  steps.push(record(1), record(2), record(3));
  expect((await reader.poll()).messages).toHaveLength(1);
  expect(device.opened).toEqual(['open', 'close', 'open']);
});

test('a flood is read in pieces of bounded size', async () => {
  const steps = Array.from({ length: 2.5 * readsPerPiece }, (_, index) => record(index + 1));
  const reader = createKmsgReader(fakeKmsg(steps));
  const pieces = [await reader.poll(), await reader.poll(), await reader.poll()];
  expect(pieces.map(({ messages }) => messages.length)).toEqual([1000, 1000, 500]);
  expect(pieces.map(({ isBehind }) => isBehind)).toEqual([true, true, false]);
});

test('a device that cannot be opened says what it needs', async () => {
  const open = () => {
    throw errno('EPERM');
  };
  await expect(createKmsgReader({ open }).poll()).rejects.toThrow('CAP_SYSLOG');
});

test('another device under that name is refused before it is read', () => {
  expect(() => openKmsg('/dev/null')).toThrow('/dev/null is not the device of the kernel log');
});

test('records come through a real descriptor that does not block', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kmsg-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(path, constants.O_WRONLY);
  const open = () => ({
    read: (buffer: Buffer) => readSync(reading, buffer, 0, buffer.length, null),
    close: () => closeSync(reading),
  });
  const reader = createKmsgReader({ open });
  try {
    expect(await reader.poll()).toMatchObject({ messages: [], isBehind: false });
    writeSync(writing, record(1) + record(2));
    expect((await reader.poll()).messages).toHaveLength(2);
    expect((await reader.poll()).messages).toHaveLength(0);
  } finally {
    closeSync(writing);
    await reader.close();
    rmSync(folder, { recursive: true });
  }
});
