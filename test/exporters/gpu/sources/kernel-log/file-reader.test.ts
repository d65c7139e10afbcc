import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileReader, pieceBytes } from '../../../../../exporters/gpu/sources/kernel-log/file-reader.ts';
import type { LogReader } from '../../../../../exporters/gpu/sources/kernel-log/log-reader.ts';

let folder: string;
let path: string;
let reader: LogReader;

const xid = (code: number) => `NVRM: Xid (PCI:0000:01:00): ${code}, x`;
const line = (code: number) => `May 27 16:50:10 node kernel: ${xid(code)}\n`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-log-'));
  path = join(folder, 'kern.log');
  reader = createFileReader({ path });
});

afterEach(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

/** Reads until there is no more for now. */
async function readAll(): Promise<readonly string[]> {
  const texts: string[] = [];
  for (;;) {
    const { messages, isBehind } = await reader.poll();
    texts.push(...messages.map(({ text }) => text));
    if (!isBehind) return texts;
  }
}

test('a file that is there is read from its end on', async () => {
  writeFileSync(path, line(1));
  expect(await readAll()).toEqual([]);
  appendFileSync(path, line(2));
  expect(await readAll()).toEqual([xid(2)]);
  expect(await readAll()).toEqual([]);
});

test('the rest of a line that was begun before is not taken for a line', async () => {
  writeFileSync(path, `${line(1)}a program said `);
  await readAll();
  appendFileSync(path, `${xid(2)}\n${line(3)}`);
  expect(await readAll()).toEqual([xid(3)]);
});

test('a line counts when it is complete', async () => {
  writeFileSync(path, '');
  await readAll();
  appendFileSync(path, line(2).slice(0, 50));
  expect(await readAll()).toEqual([]);
  appendFileSync(path, line(2).slice(50));
  expect(await readAll()).toEqual([xid(2)]);
});

test('a file that appears later is read from its beginning', async () => {
  await expect(reader.poll()).rejects.toThrow(/ENOENT.*the file must exist/);
  writeFileSync(path, line(1));
  expect(await readAll()).toEqual([xid(1)]);
});

test('rotation by renaming loses nothing, not even what comes late into the old file', async () => {
  writeFileSync(path, line(1));
  await readAll();
  renameSync(path, `${path}.1`);
  writeFileSync(path, line(4));
  appendFileSync(`${path}.1`, line(2));
  expect(await readAll()).toEqual([xid(2)]);
  appendFileSync(`${path}.1`, line(3).trimEnd());
  expect(await readAll()).toEqual([xid(3), xid(4)]);
  appendFileSync(path, line(5));
  expect(await readAll()).toEqual([xid(5)]);
});

test('rotation by copying and truncating is followed', async () => {
  writeFileSync(path, line(1).repeat(10));
  await readAll();
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  expect(await readAll()).toEqual([]);
  appendFileSync(path, line(2));
  expect(await readAll()).toEqual([xid(2)]);
});

test('a file that is removed is missed after one more look, and followed when it is back', async () => {
  writeFileSync(path, '');
  await readAll();
  rmSync(path);
  expect(await readAll()).toEqual([]);
  await expect(readAll()).rejects.toThrow('ENOENT');
  writeFileSync(path, line(7));
  expect(await readAll()).toEqual([xid(7)]);
});

test('a folder is refused', async () => {
  mkdirSync(path);
  await expect(reader.poll()).rejects.toThrow('neither a file nor a named pipe');
});

test('the journal in its export format is known from the beginning of the file', async () => {
  writeFileSync(path, '__CURSOR=s=1\nMESSAGE=first\n\n');
  await readAll();
  appendFileSync(
    path,
    `__CURSOR=s=2\n__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=${xid(79)}\n_TRANSPORT=kernel\n\n`,
  );
  const { messages } = await reader.poll();
  expect(messages).toEqual([{ text: xid(79), unixSeconds: 1_700_000_000 }]);
});

test('64 MiB at once are read in pieces, each bounded, and no XID in them is lost', async () => {
  writeFileSync(path, '');
  await readAll();
  const noise = `${'May 27 16:50:10 node kernel: something else happened again and again'.padEnd(1023, '.')}\n`;
  const mebibyte = noise.repeat(1023) + line(31).trimEnd().padEnd(1023, '.').concat('\n');
  for (let count = 0; count < 64; count++) appendFileSync(path, mebibyte);
  let pieces = 0;
  let found = 0;
  for (let isBehind = true; isBehind; pieces++) {
    const piece = await reader.poll();
    isBehind = piece.isBehind;
    found += piece.messages.length;
  }
  expect(found).toBe(64);
  expect(pieces).toBe((64 * 1024 * 1024) / pieceBytes + 1);
});

describe('a named pipe', () => {
  beforeEach(() => execFileSync('mkfifo', [path]));

  test('is silent without a writer, and outlives one', async () => {
    expect(await reader.poll()).toMatchObject({ messages: [], isSilent: true, isBehind: false });
    for (const code of [1, 2]) {
      const writer = openSync(path, 'w');
      expect(await reader.poll()).toMatchObject({ isSilent: false });
      writeSync(writer, line(code));
      expect(await readAll()).toEqual([xid(code)]);
      closeSync(writer);
      expect(await reader.poll()).toMatchObject({ isSilent: true });
    }
  });

  test('gives its last line when its writer is gone, and is opened anew when it is replaced', async () => {
    await reader.poll();
    const writer = openSync(path, 'w');
    writeSync(writer, `first\n${xid(8)}`);
    await reader.poll();
    closeSync(writer);
    rmSync(path);
    writeFileSync(path, line(9));
    expect(await readAll()).toEqual([xid(8), xid(9)]);
  });
});
