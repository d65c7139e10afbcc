import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendRisks, emptyLog } from '../../../../exporters/prediction/evaluation/outcomes/prediction-log.ts';
import { scoreFleet } from '../../../../exporters/prediction/pipeline/score-fleet.ts';
import { openDiary } from '../../../../exporters/prediction/serving/diary.ts';
import { mergeTables } from '../../../../exporters/prediction/serving/merge-tables.ts';
import { priorSet } from '../../../../exporters/prediction/serving/prior-set.ts';
import { logOfDays, saidDayOf } from '../../../../exporters/prediction/serving/said-days.ts';
import { atOnce } from '../../../../exporters/prediction/steps.ts';
import { openSaidLog } from '../../../../exporters/prediction/store/said-log.ts';
import { dayMs, gpu, hourMs, momentsOf, node, startMs, tableOf } from '../fleet.ts';

const models = priorSet({ gpu: 0.1, node: 0.5, products: new Map(), strength: 1 });
const events = [{ entity: gpu('1'), atMs: startMs + hourMs, kind: 'xid_79', weight: 1 }];
const saidOn = (day: number, names: readonly string[], correction?: number) =>
  scoreFleet(models, {
    atMs: startMs + day * dayMs,
    entities: [...names.map((name) => gpu(name)), node('gpu-01')],
    events,
    corrections: { rate: correction },
  });

test('days make the same log as risks that are said one after the other', () => {
  const scores = [saidOn(1, ['1', '2']), saidOn(2, ['1', '2', '3'], 0.25), saidOn(3, ['2', '3'])];
  const direct = scores.reduce((log, { said, models: id }) => appendRisks(log, said, id), emptyLog);
  const rows = (log: typeof direct) =>
    [...log.atMs.keys()]
      .map((row) => [
        log.atMs[row],
        log.entities[log.entity[row] ?? -1]?.uuid,
        log.models[log.model[row] ?? -1],
        ...(['24h', '7d', '30d'] as const).flatMap((h) => [
          log.probability[h][row],
          log.correction[h][row],
          log.layer[h][row],
        ]),
      ])
      .sort((a, b) => String(a).localeCompare(String(b)));
  const read = atOnce(logOfDays(scores.map((each) => JSON.parse(JSON.stringify(saidDayOf(each))))));
  expect(rows(read)).toEqual(rows(direct));
  expect([...read.atMs]).toEqual([...read.atMs].sort((a, b) => a - b));
});

test('one day is said once, is there after a restart, and a damaged one costs itself alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-said-'));
  try {
    const problems: string[] = [];
    const open = async () => openDiary(await openSaidLog(folder, (problem) => problems.push(problem)));
    const first = await open();
    for (const day of [1, 2]) await first.add(saidDayOf(saidOn(day, ['1'])));
    expect([first.isDue(startMs + 2.5 * dayMs), first.isDue(startMs + 3 * dayMs)]).toEqual([false, true]);
    await expect(first.add(saidDayOf(saidOn(2, ['1'])))).rejects.toThrow('is there already');
    expect((await open()).days()).toEqual(first.days());
    const [name = ''] = readdirSync(folder).sort();
    writeFileSync(join(folder, name), 'half');
    expect((await open()).days().map(({ atMs }) => atMs)).toEqual([startMs + 2 * dayMs]);
    expect(problems).toHaveLength(1);
    // What is older than can be judged is removed.
    await first.add(saidDayOf(saidOn(300, ['1'])));
    expect(readdirSync(folder)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('tables of two fleets are one in order of time, each row with its values', () => {
  const valuesOf = (offset: number) => ({ reading: (row: number) => offset + row });
  const a = tableOf(momentsOf([gpu('b'), gpu('d')], [startMs, startMs + dayMs]), valuesOf(0));
  const b = tableOf(momentsOf([gpu('a'), gpu('c')], [startMs, startMs + dayMs]), valuesOf(100));
  const merged = mergeTables([a, b]);
  const rows = [...(merged?.atMs.keys() ?? [])].map((row) => [
    ((merged?.atMs[row] ?? 0) - startMs) / dayMs,
    merged?.entities[merged.entity[row] ?? -1]?.uuid,
    merged?.values[row],
  ]);
  expect(rows).toEqual([
    [0, 'GPU-a', 100],
    [0, 'GPU-b', 0],
    [0, 'GPU-c', 101],
    [0, 'GPU-d', 1],
    [1, 'GPU-a', 102],
    [1, 'GPU-b', 2],
    [1, 'GPU-c', 103],
    [1, 'GPU-d', 3],
  ]);
  expect(mergeTables([])).toBeUndefined();
});
