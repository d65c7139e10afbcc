import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModel, writeModel } from '../../../../exporters/prediction/learning/model/write-model.ts';
import { logisticDefaults } from '../../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../../exporters/prediction/learning/train.ts';
import { loadModel, saveModel } from '../../../../exporters/prediction/store/model-file.ts';
import { riskRows } from '../../../support/risk-rows.ts';

const model = createModel(
  {
    schema: { version: 1, names: ['a', 'b'] },
    horizon: '24h',
    settings: logisticDefaults,
    seed: 1,
    baseRate: 0.3,
    trainingWindow: { fromMs: 0, toMs: 1 },
    labelDefinition: 'out of service',
    counts: { rows: 60, failures: 20, entities: 6 },
    provenance: {},
  },
  train({ matrix: riskRows({ rows: 60, columns: 2 }), settings: logisticDefaults, seed: 1 }),
);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fl-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a saved model is loaded again, and takes the place of the one before', async () => {
  const path = join(folder, 'models', 'gpu-24h.json');
  expect(await loadModel(path)).toBeUndefined();
  await saveModel(path, model);
  await saveModel(path, model);
  expect(await loadModel(path)).toEqual(model);
  expect(await readFile(path, 'utf8')).toBe(writeModel(model));
});

test('a damaged file is refused by its name', async () => {
  const path = join(folder, 'gpu-24h.json');
  await writeFile(path, writeModel(model).slice(0, 100));
  await expect(loadModel(path)).rejects.toThrow(`${path} is not used as a model: it is no JSON, or cut off`);
});
