import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareFeatureFolder } from '../../../../../exporters/prediction/store/features/feature-folder.ts';
import { openFeatureStore } from '../../../../../exporters/prediction/store/features/feature-store.ts';

const hour = 3_600_000;
const schema = { version: 1, names: ['heat'] };
const making = { schema, stepMs: hour, everyMs: 6 * hour };
let above: string;
let folder: string;

beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'fleetlens-features-'));
  folder = join(above, 'features-gpu');
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

/** A chunk from 1970 on, as long as the time between moments. */
async function put(everyMs: number, of = schema): Promise<void> {
  const store = await openFeatureStore({ folder, kind: 'gpu', schema: of });
  const nothing = { entities: [], entity: new Uint32Array(), atMs: new Float64Array(), values: new Float32Array() };
  await store.put({ fromMs: 0, untilMs: everyMs }, { schema: of, ...nothing });
}

const chunks = (of: string): readonly string[] => readdirSync(of).filter((name) => name.endsWith('.features'));

test('a new folder, and one of the same settings, is used as it is', async () => {
  expect(await prepareFeatureFolder(folder, 'gpu', making)).toBeUndefined();
  await put(6 * hour);
  expect(await prepareFeatureFolder(folder, 'gpu', making)).toBeUndefined();
  expect(chunks(folder)).toHaveLength(1);
  expect(readdirSync(above)).toEqual(['features-gpu']);
});

test.each([
  ['time between moments', { ...making, everyMs: hour }],
  ['step', { ...making, stepMs: hour / 4 }],
  ['schema', { ...making, schema: { version: 2, names: ['heat'] } }],
])('features of another %s are kept beside, and come back with their settings', async (_, other) => {
  await prepareFeatureFolder(folder, 'gpu', making);
  await put(6 * hour);
  const change = await prepareFeatureFolder(folder, 'gpu', other);
  expect(change?.goesOn).toBe(false);
  expect(chunks(folder)).toEqual([]);
  expect(chunks(change?.keptIn ?? '')).toHaveLength(1);
  await put(other.everyMs, other.schema);
  const back = await prepareFeatureFolder(folder, 'gpu', making);
  expect(back?.goesOn).toBe(true);
  expect(chunks(folder)).toEqual([`gpu-0-${6 * hour}.features`]);
  expect(chunks(back?.keptIn ?? '')).toEqual([`gpu-0-${other.everyMs}.features`]);
  expect(readdirSync(above)).toHaveLength(2);
});

test('a folder without a note, or with a damaged one, is known by its chunks', async () => {
  await put(6 * hour);
  expect(await prepareFeatureFolder(folder, 'gpu', making)).toBeUndefined();
  writeFileSync(join(folder, 'settings.json'), '{"stepMs":36');
  expect((await prepareFeatureFolder(folder, 'gpu', { ...making, everyMs: hour }))?.goesOn).toBe(false);
  expect(chunks(folder)).toEqual([]);
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toMatchObject({ everyMs: hour });
});

test('a folder that cannot be moved is told with what to do', async () => {
  await prepareFeatureFolder(folder, 'gpu', making);
  await put(6 * hour);
  const kept = await prepareFeatureFolder(folder, 'gpu', { ...making, everyMs: hour });
  await put(hour);
  // What stands in its place has something in it.
  const other = { ...making, everyMs: 12 * hour };
  const third = await prepareFeatureFolder(folder, 'gpu', other);
  await put(12 * hour);
  mkdirSync(`${folder}.step-3600s-every-43200s-${kept?.keptIn.slice(-8)}/full`, { recursive: true });
  await expect(prepareFeatureFolder(folder, 'gpu', making)).rejects.toThrow('cannot be made ready for features');
  expect(chunks(folder)).toEqual([`gpu-0-${12 * hour}.features`]);
  expect(third?.keptIn).toContain('every-3600s');
});
