import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureSchema, FeatureTable } from '../../../../../exporters/prediction/features/feature-table.ts';
import { hashOfSchema } from '../../../../../exporters/prediction/features/schema.ts';
import { decodeChunk, encodeChunk } from '../../../../../exporters/prediction/store/features/chunk-format.ts';
import { openFeatureStore } from '../../../../../exporters/prediction/store/features/feature-store.ts';

const day = 86_400_000;
const begin = 1_699_574_400_000;
const schema: FeatureSchema = { version: 1, names: ['heat', 'errors', 'age'] };
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-store-'));
  folders.push(folder);
  return folder;
}

/** Two rows at noon and midnight of the day; its entities come in another order than those of other days. */
function tableOf(dayNumber: number, uuids: readonly string[] = ['GPU-1', 'GPU-2']): FeatureTable {
  const noon = begin + dayNumber * day + day / 2;
  return {
    schema,
    entities: uuids.map((uuid) => ({ kind: 'gpu', cluster: 'prod', node: 'gpu-01', uuid })),
    entity: Uint32Array.of(0, 1, 0),
    atMs: Float64Array.of(noon, noon, noon + day / 2),
    values: Float32Array.of(dayNumber, 1.5, Number.NaN, dayNumber + 0.25, -0, 3e29, 7, 8, 9),
  };
}

const spanOf = (dayNumber: number) => ({ fromMs: begin + dayNumber * day, untilMs: begin + (dayNumber + 1) * day });
const openIn = (folder: string, more = {}) => openFeatureStore({ folder, kind: 'gpu', schema, ...more });

test('a table comes back as it was put in, bit by bit, after the store was opened again', async () => {
  const folder = newFolder();
  await (await openIn(folder)).put(spanOf(0), tableOf(0));
  expect(await (await openIn(folder)).read(spanOf(0))).toEqual(tableOf(0));
  expect(await (await openIn(folder)).read({ fromMs: 0, untilMs: 1 })).toMatchObject({
    entities: [],
    atMs: new Float64Array(0),
  });
});

test('chunks are joined in the order of time, with each entity once', async () => {
  const store = await openIn(newFolder());
  await store.put(spanOf(1), tableOf(1, ['GPU-3', 'GPU-1']));
  await store.put(spanOf(0), tableOf(0));
  const table = await store.read({ fromMs: begin, untilMs: begin + 2 * day });
  expect(table.entities.map(({ uuid }) => uuid)).toEqual(['GPU-1', 'GPU-2', 'GPU-3']);
  expect([...table.entity]).toEqual([0, 1, 0, 2, 0, 2]);
  expect([...table.values.filter((_, at) => at % 3 === 0)]).toEqual([0, 0.25, 7, 1, 1.25, 7]);
});

test('rows are those after the begin of a span and up to its end', async () => {
  const store = await openIn(newFolder());
  await store.put(spanOf(0), tableOf(0));
  const noon = begin + day / 2;
  const times = async (fromMs: number, untilMs: number) => [...(await store.read({ fromMs, untilMs })).atMs];
  expect(await times(noon - 1, noon)).toEqual([noon, noon]);
  expect(await times(noon, noon + day / 2)).toEqual([noon + day / 2]);
  expect(await times(noon, noon + 1)).toEqual([]);
});

test('a chunk can be replaced, and one that overlaps others is refused', async () => {
  const store = await openIn(newFolder());
  await store.put(spanOf(0), tableOf(0));
  await store.put(spanOf(0), { ...tableOf(0), values: tableOf(5).values });
  expect((await store.read(spanOf(0))).values[0]).toBe(5);
  await expect(store.put({ fromMs: begin, untilMs: begin + 2 * day }, tableOf(0))).rejects.toThrow(
    /overlaps the chunk from 2023-11-10/,
  );
  expect(await store.chunks()).toHaveLength(1);
  await expect(store.put(spanOf(3), tableOf(0))).rejects.toThrow('a row is not of the span');
});

test('what is old is dropped', async () => {
  const store = await openIn(newFolder());
  for (const each of [0, 1, 2]) await store.put(spanOf(each), tableOf(each));
  expect(await store.dropBefore(begin + 2 * day - 1)).toBe(1);
  expect((await store.chunks()).map(({ fromMs }) => fromMs)).toEqual([begin + day, begin + 2 * day]);
});

test('chunks of another schema are refused, with what to do', async () => {
  const folder = newFolder();
  await (await openIn(folder)).put(spanOf(0), tableOf(0));
  const other = { ...schema, names: ['heat', 'age', 'errors'] };
  await expect(openIn(folder, { schema: other })).rejects.toThrow(
    new RegExp(
      `holds 3 features of version 1 .* computes 3 of version 1 .*; move ${folder} away and run the back-fill again`,
    ),
  );
  await expect(openIn(folder, { schema: { ...schema, version: 2 } })).rejects.toThrow('of version 2');
  // Nodes are kept apart by the name of the file.
  await expect(openIn(folder, { kind: 'node' })).resolves.toBeDefined();
  expect(hashOfSchema(other)).not.toBe(hashOfSchema(schema));
});

async function storeWithOneFile() {
  const folder = newFolder();
  const store = await openIn(folder);
  await store.put(spanOf(0), tableOf(0));
  const [name = ''] = readdirSync(folder);
  return { folder, store, file: join(folder, name) };
}

test('a file that was cut short, wherever, is told apart', async () => {
  const { file, store } = await storeWithOneFile();
  const whole = readFileSync(file);
  for (let length = 0; length < whole.length; length += 5) {
    writeFileSync(file, whole);
    truncateSync(file, length);
    await expect(store.read(spanOf(0))).rejects.toThrow(
      /(cut short|does not begin).*; delete it and run the back-fill again/,
    );
  }
  writeFileSync(file, Buffer.concat([whole, Buffer.alloc(8)]));
  await expect(store.read(spanOf(0))).rejects.toThrow('was cut short or written over');
});

test('a bit that flipped is found', async () => {
  const { file, store } = await storeWithOneFile();
  const whole = readFileSync(file);
  for (let at = 16; at < whole.length; at += 7) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    writeFileSync(file, flipped);
    await expect(store.read(spanOf(0))).rejects.toThrow('delete it and run the back-fill again');
  }
});

test('whoever goes on without a damaged chunk has it set aside and told, and its time is free again', async () => {
  const { folder, file, store: first } = await storeWithOneFile();
  await first.put(spanOf(1), tableOf(1));
  const told: string[] = [];
  const onDamaged = (problem: string): void => void told.push(problem);
  const store = await openIn(folder, { onDamaged });
  const whole = readFileSync(file);
  // The header is whole, the values are not.
  truncateSync(file, whole.length - 40);
  expect((await store.read({ fromMs: begin, untilMs: begin + 2 * day })).values[0]).toBe(1);
  expect(told).toEqual([expect.stringContaining(`it is kept as ${file}.damaged`)]);
  expect((await store.chunks()).map(({ fromMs }) => fromMs)).toEqual([begin + day]);
  await store.put(spanOf(0), tableOf(0));
  truncateSync(file, 5);
  expect(await (await openIn(folder, { onDamaged })).chunks()).toHaveLength(1);
  expect(told.at(-1)).toContain('does not begin as a file of features does');
});

test('what an interrupted write has left is no chunk', async () => {
  const { folder, file } = await storeWithOneFile();
  writeFileSync(`${file}.4711.new`, 'half');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  expect(await (await openIn(folder)).chunks()).toHaveLength(1);
});

test('a full disk is told, and what was stored stays', async () => {
  const { folder } = await storeWithOneFile();
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const store = await openIn(folder, { writeFile: () => Promise.reject(full) });
  await expect(store.put(spanOf(0), { ...tableOf(0), values: tableOf(3).values })).rejects.toThrow(
    /the disk is full; free some space or keep features for a shorter time/,
  );
  expect((await store.read(spanOf(0))).values[0]).toBe(0);
  await expect(openIn('/dev/null/features')).rejects.toThrow('check that the folder is there');
});

test('the layout is the documented one, little-endian', () => {
  const bytes = encodeChunk({ kind: 'gpu', ...spanOf(0), table: tableOf(0) });
  expect(bytes.toString('latin1', 0, 8)).toBe('FLFEAT01');
  const end = 16 + bytes.readUInt32LE(8);
  expect(JSON.parse(bytes.toString('utf8', 16, end))).toMatchObject({
    format: 1,
    rows: 3,
    hash: hashOfSchema(schema),
    schema,
  });
  expect(end % 8).toBe(0);
  expect(bytes.readDoubleLE(end)).toBe(begin + day / 2);
  expect(bytes.readUInt32LE(end + 24 + 4)).toBe(1);
  // The second column begins after three values of the first.
  expect(bytes.readFloatLE(end + 24 + 16 + 12)).toBe(1.5);
  expect(decodeChunk(bytes, 'x').table).toEqual(tableOf(0));
});
