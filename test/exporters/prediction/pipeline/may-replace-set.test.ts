import { failureHistoryOf } from '../../../../exporters/prediction/pipeline/failure-history.ts';
import { mayReplaceSet } from '../../../../exporters/prediction/pipeline/may-replace-set.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { dayMs } from '../fleet.ts';
import { inputOf, type MadeFleet, madeFleet, trainFast } from './made-fleet.ts';

const fleet = madeFleet({ gpus: 24, days: 150, rate: 0.014 });
const deps = { train: trainFast };

/** What was known so many days before. */
function earlier(all: MadeFleet, days: number): MadeFleet {
  const nowMs = all.nowMs - days * dayMs;
  const rows = all.table.atMs.filter((ms) => ms <= nowMs).length;
  const xids = all.history.incidents
    .filter(({ startMs }) => startMs <= nowMs)
    .map(({ entity, startMs }) => ({ entity, atMs: startMs, code: 79 }));
  const { table } = all;
  return {
    ...all,
    nowMs,
    history: failureHistoryOf({ xids }, nowMs),
    table: {
      ...table,
      entity: table.entity.slice(0, rows),
      atMs: table.atMs.slice(0, rows),
      values: table.values.slice(0, rows * 2),
    },
  };
}

/** Errors that told of failures tell of quiet from then on. */
function turned({ table, ...rest }: MadeFleet, fromMs: number): MadeFleet {
  const values = Float32Array.from(table.values, (value, at) =>
    at % 2 === 1 && (table.atMs[at >> 1] ?? 0) >= fromMs ? 1.7 - value : value,
  );
  return { ...rest, table: { ...table, values } };
}

const running = trainModels(inputOf(earlier(fleet, 30)), deps);

test('a set that does as well on what came since may replace the running one', async () => {
  const fresh = await trainModels(inputOf(fleet), deps);
  expect((await running).kinds.gpu?.horizons['7d'].layer).toBe('learned');
  expect(fresh.kinds.gpu?.horizons['7d'].layer).toBe('learned');
  expect(await mayReplaceSet(await running, fresh, inputOf(fleet), deps)).toEqual({ mayReplace: true, reasons: [] });
});

test('a learner that does worse on what came since than the running one may not', async () => {
  const fresh = await trainModels(inputOf(fleet), deps);
  // Made from a history in which errors told the opposite.
  const wrong = turned(fleet, 0);
  const values = Float32Array.from(wrong.table.values);
  const since = fleet.nowMs - 37 * dayMs;
  for (const [row, atMs] of fleet.table.atMs.entries())
    if (atMs > since) values[row * 2 + 1] = fleet.table.values[row * 2 + 1] ?? 0;
  const mixed = inputOf({ ...fleet, table: { ...fleet.table, values } });
  const { mayReplace, reasons } = await mayReplaceSet(await running, fresh, mixed, deps);
  expect(mayReplace).toBe(false);
  expect(reasons.join(' ')).toMatch(/gpu, 7d: Its average precision on the newest complete window is .* worse than/);
});

test('with nothing new, other columns, or no learned model there is nothing to compare', async () => {
  const same = await running;
  const none = { mayReplace: true, reasons: [] };
  expect(await mayReplaceSet(same, same, inputOf(earlier(fleet, 30)), deps)).toEqual(none);
  const names = { version: 1, names: ['heat', 'errors'] };
  const other = inputOf({ ...fleet, table: { ...fleet.table, schema: names } });
  expect(await mayReplaceSet(same, await trainModels(other, deps), other, deps)).toEqual(none);
  const quiet = inputOf({ ...fleet, history: failureHistoryOf({}, fleet.nowMs) });
  expect(await mayReplaceSet(same, await trainModels(quiet, deps), quiet, deps)).toEqual(none);
});
