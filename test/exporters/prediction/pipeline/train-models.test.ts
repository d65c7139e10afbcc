import { cardMarkdown } from '../../../../exporters/prediction/evaluation/card/card-markdown.ts';
import { byHorizon, horizons } from '../../../../exporters/prediction/horizon.ts';
import { labelsOf } from '../../../../exporters/prediction/labels/labels-of.ts';
import { readModelSet } from '../../../../exporters/prediction/pipeline/stored/read-model-set.ts';
import { writeModelSet } from '../../../../exporters/prediction/pipeline/stored/write-model-set.ts';
import { type TrainingProgress, trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { dayMs, startMs } from '../fleet.ts';
import { emptyHistory, inputOf, madeFleet, trainFast } from './made-fleet.ts';

const plan = { gpus: 20, days: 130, rate: 0.014 };
const fleet = madeFleet(plan);
const deps = { train: trainFast };
const trained = trainModels(inputOf(fleet), deps);

test('a learned model is promoted where errors rise before failures', async () => {
  const { kinds, rate } = await trained;
  const week = kinds.gpu?.horizons['7d'];
  expect(week).toMatchObject({ layer: 'learned', horizon: '7d' });
  expect(week?.model?.card).toMatchObject({ horizon: '7d', seed: 7, schema: fleet.table.schema });
  expect(week?.card.model.name).toBe('boosted');
  expect(week?.card.promotion?.chosen).toBe('learned');
  expect(week?.tried.map(({ scorer }) => scorer)).toEqual(['rate', 'boosted']);
  const [base, boosted] = week?.tried ?? [];
  expect(boosted?.figures.averagePrecision).toBeGreaterThan(2 * (base?.figures.averagePrecision ?? 1));
  expect(week?.card.figures).toEqual(boosted?.figures);
  expect(rate.ownFailures).toBe(fleet.history.incidents.filter(({ startMs: at }) => at <= lastRowMs()).length);
});

test('the rate model answers where nothing tells of failures, and says why', async () => {
  const { kinds } = await trainModels(inputOf(madeFleet({ ...plan, hasSigns: false })), deps);
  for (const horizon of horizons) {
    expect(kinds.gpu?.horizons[horizon]).toMatchObject({ layer: 'rate', model: undefined });
    expect(kinds.gpu?.horizons[horizon].why.join(' ')).toMatch(/better|considered|short|stretches/);
    expect(kinds.gpu?.horizons[horizon].card.model.name).toBe('rate');
  }
});

test('with too few incidents nothing is trained', async () => {
  const counting = { train: jest.fn(trainFast) };
  const few = inputOf(fleet, { rule: undefined });
  const { kinds } = await trainModels(few, counting);
  expect(counting.train).not.toHaveBeenCalled();
  expect(kinds.gpu?.horizons['7d'].why).toEqual([
    `${labelled()} incidents are labelled; a learned model is considered from 100 on.`,
  ]);
  expect(kinds.gpu?.horizons['7d'].card.limits.join(' ')).not.toContain('A learned model was tried');
});

test('without columns the rate is made and judged, nothing is tried, and the set can be stored', async () => {
  const table = { ...fleet.table, schema: { version: 0, names: [] }, values: new Float32Array(0) };
  const counting = { train: jest.fn(trainFast) };
  const set = await trainModels({ ...inputOf(fleet), tables: { gpu: table }, alwaysTry: true }, counting);
  const week = set.kinds.gpu?.horizons['7d'];
  expect(counting.train).not.toHaveBeenCalled();
  expect(week).toMatchObject({ layer: 'rate', why: ['There are no features to learn from.'] });
  expect(week?.card.figures.outcome.incidents).toBeGreaterThan(10);
  expect(set.rate).toEqual((await trained).rate);
  expect(readModelSet(writeModelSet(set), 'models.json').rate).toEqual(set.rate);
});

test('without any history the prior answers', async () => {
  const history = emptyHistory(fleet.nowMs);
  const { kinds, rate, past } = await trainModels({ tables: {}, history, seed: 1 }, deps);
  expect({ kinds, past, own: rate.ownFailures }).toEqual({ kinds: {}, past: [], own: 0 });
  expect(rate.base['gpu/']).toBeGreaterThan(0);
});

test('a fleet that never failed has a prior, which is lower the longer it runs', async () => {
  const history = emptyHistory(fleet.nowMs);
  const quiet = await trainModels({ ...inputOf(fleet), history }, deps);
  const none = await trainModels({ tables: {}, history, seed: 1 }, deps);
  expect(quiet.kinds.gpu?.horizons['7d'].layer).toBe('prior');
  expect(quiet.rate.base['gpu/']).toBeLessThan((none.rate.base['gpu/'] ?? 0) * 0.9);
});

test('the same input gives the same bytes, another seed other ones', async () => {
  const first = writeModelSet(await trained);
  const again = writeModelSet(await trainModels(inputOf(madeFleet(plan)), deps));
  expect(again).toBe(first);
  expect(readModelSet(first, 'a file')).toEqual(await trained);
  const other = await trainModels(inputOf(fleet, { seed: 8 }), deps);
  expect(other.id).not.toBe((await trained).id);
});

test('progress grows to its total', async () => {
  const told: TrainingProgress[] = [];
  await trainModels(inputOf(fleet), { ...deps, onProgress: (each) => told.push(each) });
  expect(told.map(({ done }) => done)).toEqual(told.map((_, at) => at));
  expect(new Set(told.map(({ total }) => total)).size).toBe(1);
  expect(told.at(-1)).toMatchObject({ done: told.length - 1, total: told.length, step: 'gpu, 30d: model' });
  expect(told.some(({ step }) => step === 'gpu, 7d: boosted')).toBe(true);
});

test('a signal ends it with its reason', async () => {
  const stop = new AbortController();
  const onProgress = ({ done }: TrainingProgress): void => {
    if (done === 2) stop.abort(new Error('enough'));
  };
  await expect(trainModels(inputOf(fleet), { ...deps, signal: stop.signal, onProgress })).rejects.toThrow('enough');
  await expect(trainModels(inputOf(fleet), { ...deps, signal: stop.signal })).rejects.toThrow('enough');
});

test('a column that knows the label is refused by name', async () => {
  const labels = labelsOf(fleet.table, fleet.history.incidents, '7d', fleet.nowMs);
  const values = Float32Array.from(fleet.table.values);
  for (const [row, label] of labels.entries()) values[row * 2 + 1] = label === 1 ? 1 : 0;
  const knowing = inputOf({ ...fleet, table: { ...fleet.table, values } });
  await expect(trainModels(knowing, deps)).rejects.toThrow(/^errors tells which rows fail within 7d/);
});

test('a column made of what defines failures is refused', async () => {
  const origins = { gpu: [{ column: 'errors', signal: 'gpu_row_remap_failure', lagMs: 0 }] };
  await expect(trainModels(inputOf(fleet, { origins }), deps)).rejects.toThrow('defines failures');
});

test('many rows are thinned to every second day and so on, and the rate stays what it was', async () => {
  const thin = await trainModels(inputOf(fleet, { mostRows: fleet.table.atMs.length / 3 }), deps);
  const [all, few] = [(await trained).kinds.gpu, thin.kinds.gpu].map(
    (kind) => kind?.horizons['7d'].card.model.rows ?? 0,
  );
  expect(few).toBeLessThan((all ?? 0) / 2.5);
  const ratio = (thin.rate.base['gpu/'] ?? 0) / ((await trained).rate.base['gpu/'] ?? 1);
  expect(ratio).toBeGreaterThan(0.6);
  expect(ratio).toBeLessThan(1.6);
});

test('cards can be shown, and say what they rest on', async () => {
  const { kinds, id } = await trained;
  const text = byHorizon((horizon) => cardMarkdown(kinds.gpu?.horizons[horizon].card as never));
  expect(text['7d']).toContain(`Version ${id}`);
  expect(text['7d']).toContain('The learned model boosted is used.');
  expect(text['24h']).toContain('24h ahead');
  expect(Object.values(text).join('')).not.toMatch(/undefined|NaN/);
});

function labelled(): number {
  const first = startMs;
  const last = fleet.nowMs - 7 * dayMs;
  return fleet.history.incidents.filter(({ startMs: at }) => at > first && at <= last + 7 * dayMs).length;
}

function lastRowMs(): number {
  return fleet.table.atMs.at(-1) ?? 0;
}
