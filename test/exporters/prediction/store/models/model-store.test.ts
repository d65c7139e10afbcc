import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureHistoryOf } from '../../../../../exporters/prediction/pipeline/failure-history.ts';
import type { ModelSet } from '../../../../../exporters/prediction/pipeline/model-set.ts';
import { trainModels } from '../../../../../exporters/prediction/pipeline/train-models.ts';
import { loadModelSet } from '../../../../../exporters/prediction/store/models/model-set-file.ts';
import { openModelStore } from '../../../../../exporters/prediction/store/models/model-store.ts';
import { replaceFile } from '../../../../../kit/replace-file.ts';
import { dayMs, startMs } from '../../fleet.ts';
import { trainFast } from '../../pipeline/made-fleet.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function setOf(day: number): Promise<ModelSet> {
  const history = failureHistoryOf({}, startMs + day * dayMs);
  return trainModels({ tables: {}, history, seed: day }, { train: trainFast });
}

const idOf = async (set: Promise<ModelSet | undefined>): Promise<string | undefined> => (await set)?.id;

test('before the first training there is nothing', async () => {
  const store = await openModelStore({ folder: join(folder, 'a', 'b') });
  expect(await store.current()).toBeUndefined();
  expect(await store.previous()).toBeUndefined();
  expect(await store.active()).toEqual({});
  await expect(store.rollBack()).rejects.toThrow('no set of models before the one in use');
});

test('the set in use and the one before are kept, and no others', async () => {
  const store = await openModelStore({ folder });
  const [first, second, third] = await Promise.all([setOf(1), setOf(2), setOf(3)]);
  await store.swap(first);
  expect([await store.current(), await store.previous()]).toEqual([first, undefined]);
  await store.swap(second);
  await writeFile(join(folder, 'models-2026-01-01-00000000.json.77.new'), 'cut o');
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await store.swap(third);
  expect([await store.current(), await store.previous()]).toEqual([third, second]);
  expect((await readdir(folder)).sort()).toEqual(
    ['active.json', `models-${second.id}.json`, `models-${third.id}.json`, 'notes.txt'].sort(),
  );
  const again = await openModelStore({ folder });
  expect(await again.active()).toEqual({ current: third.id, previous: second.id });
});

test('the same set again does not push out the one before', async () => {
  const store = await openModelStore({ folder });
  const [first, second] = await Promise.all([setOf(1), setOf(2)]);
  for (const set of [first, second, second]) await store.swap(set);
  expect(await store.active()).toEqual({ current: second.id, previous: first.id });
});

test('rolling back exchanges the two, and twice is as before', async () => {
  const store = await openModelStore({ folder });
  const [first, second] = await Promise.all([setOf(1), setOf(2)]);
  await store.swap(first);
  await store.swap(second);
  expect(await store.rollBack()).toEqual(first);
  expect([await idOf(store.current()), await idOf(store.previous())]).toEqual([first.id, second.id]);
  expect((await store.rollBack()).id).toBe(second.id);
});

test.each([
  ['before the set is written', 1],
  ['before it is put into use', 2],
])('a process that ends %s leaves the old set in use', async (_, failing) => {
  const [first, second] = await Promise.all([setOf(1), setOf(2)]);
  await (await openModelStore({ folder })).swap(first);
  let writes = 0;
  const dying = await openModelStore({
    folder,
    writeFile: async (path, content) => {
      writes += 1;
      if (writes === failing) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      await replaceFile(path, content);
    },
  });
  await expect(dying.swap(second)).rejects.toThrow('the models in use stay as they are');
  expect(await (await openModelStore({ folder })).current()).toEqual(first);
});

test('a training that is stopped leaves the old set in use', async () => {
  const store = await openModelStore({ folder });
  const first = await setOf(1);
  await store.swap(first);
  const signal = AbortSignal.abort(new Error('stopped'));
  const history = failureHistoryOf({}, startMs + 2 * dayMs);
  const training = trainModels({ tables: {}, history, seed: 2 }, { train: trainFast, signal });
  await expect(training.then((set) => store.swap(set))).rejects.toThrow('stopped');
  expect(await store.current()).toEqual(first);
});

test('a set that was cut short is refused by the name of its file, and can be rolled back from', async () => {
  const store = await openModelStore({ folder });
  const [first, second] = await Promise.all([setOf(1), setOf(2)]);
  await store.swap(first);
  await store.swap(second);
  const file = join(folder, `models-${second.id}.json`);
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 200));
  await expect(store.current()).rejects.toThrow(`${file} is not used as models: it is no JSON, or cut off`);
  expect(await store.rollBack()).toEqual(first);
});

test('a set that is gone, or is another one, is refused', async () => {
  const store = await openModelStore({ folder });
  const [first, second] = await Promise.all([setOf(1), setOf(2)]);
  await store.swap(first);
  await store.swap(second);
  await writeFile(join(folder, `models-${second.id}.json`), await readFile(join(folder, `models-${first.id}.json`)));
  await expect(store.current()).rejects.toThrow(`holds the set ${first.id}`);
  await rm(join(folder, `models-${second.id}.json`));
  await expect(store.current()).rejects.toThrow('is not there, though');
});

test.each(['', '{"current":"../../x"}', '{"current":1}', '[]', '{"other":"x"}'])(
  'a list of the sets in use that says %s is refused',
  async (text) => {
    const store = await openModelStore({ folder });
    await writeFile(join(folder, 'active.json'), text);
    await expect(store.current()).rejects.toThrow('does not name the models in use');
  },
);

test('a folder that cannot be made is told', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(openModelStore({ folder: join(folder, 'file', 'x') })).rejects.toThrow('check that the folder is there');
});

test('a file from elsewhere is read, and a file that is none refused', async () => {
  const store = await openModelStore({ folder });
  const first = await setOf(1);
  await store.swap(first);
  expect(await loadModelSet(join(folder, `models-${first.id}.json`))).toEqual(first);
  await expect(loadModelSet(join(folder, 'none.json'))).rejects.toThrow('is not there');
  await expect(loadModelSet(join(folder, 'active.json'))).rejects.toThrow('its format is not fleetlens-risk-model-set');
});
