import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  failureHistory,
  fleetSamples,
  plantedFailures,
  xidEvents,
} from '../../../../cli/simulate/prediction/fleet-history.ts';
import {
  type FleetPlan,
  type FleetSettings,
  failureCauses,
  hasShown,
} from '../../../../cli/simulate/prediction/fleet-plan.ts';
import { gpuReadings, strengthAt } from '../../../../cli/simulate/prediction/gpu-readings.ts';
import { planFleet } from '../../../../cli/simulate/prediction/plan-fleet.ts';
import { ticketCsv, writeFeatureCsv } from '../../../../cli/simulate/prediction/write-csv.ts';
import { computeFeatures } from '../../../../exporters/prediction/features/compute-features.ts';
import { gpuSpec } from '../../../../exporters/prediction/features/gpu-spec.ts';
import { readTickets } from '../../../../exporters/prediction/labels/tickets/read-tickets.ts';
import { readCsv } from '../../../../exporters/prediction/sources/csv/read-csv.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const settings: FleetSettings = {
  seed: 3,
  gpus: 64,
  gpusPerNode: 8,
  fromMs: Date.UTC(2026, 0, 1),
  days: 120,
  failuresPerYear: 4,
  shownShare: 0.6,
  repeatShare: 0.3,
};
const plan = planFleet(settings);
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-planted-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the same settings plan the same fleet, another seed another one', () => {
  expect(planFleet(settings)).toEqual(plan);
  const times = (own: FleetPlan): readonly number[] => plantedFailures(own).map(({ atMs }) => atMs);
  const other = planFleet({ ...settings, seed: 4 });
  expect(times(other).filter((atMs) => times(plan).includes(atMs))).toEqual([]);
});

test('failures come at the planned rate, of every cause, and never while a GPU is away', () => {
  const failures = plantedFailures(plan);
  const first = failures.filter(({ cause }) => cause !== 'repeat');
  const due = (settings.gpus * settings.failuresPerYear * settings.days) / 365;
  expect(first.length / due).toBeGreaterThan(0.75);
  expect(first.length / due).toBeLessThan(1.25);
  expect(new Set(failures.map(({ cause }) => cause))).toEqual(new Set(failureCauses));
  const shown = first.filter(({ cause }) => hasShown(cause)).length / first.length;
  expect(Math.abs(shown - settings.shownShare)).toBeLessThan(0.15);
  for (const { failures: own } of plan.gpus)
    for (const [at, failure] of own.entries()) {
      expect(failure.signFromMs).toBeLessThanOrEqual(failure.atMs);
      expect(failure.backMs).toBeGreaterThan(failure.atMs);
      expect(failure.signFromMs).toBeGreaterThanOrEqual(own[at - 1]?.backMs ?? settings.fromMs);
    }
});

test('signs grow until the failure and are gone after it', () => {
  const gpu = plan.gpus.find(({ failures }) => failures.some((each) => each.cause === 'thermal'));
  const failure = gpu?.failures.find(({ cause }) => cause === 'thermal');
  if (gpu === undefined || failure === undefined) throw new Error('no thermal failure is planned');
  const thermal = (part: number) =>
    strengthAt(gpu, failure.signFromMs + part * (failure.atMs - failure.signFromMs)).thermal;
  expect([thermal(-0.01), thermal(0), thermal(0.5), thermal(0.99)]).toEqual([
    0,
    0,
    expect.closeTo(0.5, 6),
    expect.closeTo(0.99, 6),
  ]);
  expect(strengthAt(gpu, failure.backMs).thermal).toBe(0);
  const stepMs = 6 * hourMs;
  const temperatureOf = (index: number, atMs: number): number => {
    const own = plan.gpus[index] ?? gpu;
    return (
      [...gpuReadings(plan, own, stepMs)].findLast((each) => each.atMs < atMs)?.readings?.temperature ?? Number.NaN
    );
  };
  const peer = plan.gpus.find(
    ({ entity, index, failures }) => entity.node === gpu.entity.node && index !== gpu.index && failures.length === 0,
  );
  const apart = (atMs: number): number => temperatureOf(gpu.index, atMs) - temperatureOf(peer?.index ?? -1, atMs);
  expect(apart(failure.atMs) - apart(failure.signFromMs)).toBeGreaterThan(8);
});

test('a GPU that is away shows nothing; its counters begin anew and never fall otherwise', () => {
  const [gpu] = plan.gpus.filter(({ failures }) => failures.length > 0);
  if (gpu === undefined) throw new Error('nothing fails');
  let before = 0;
  for (const { atMs, readings } of gpuReadings(plan, gpu, 6 * hourMs)) {
    const isAway = gpu.failures.some((each) => atMs >= each.atMs && atMs < each.backMs);
    expect(readings === undefined).toBe(isAway);
    if (readings !== undefined) expect(readings.pcie_replays).toBeGreaterThanOrEqual(before);
    before = readings?.pcie_replays ?? 0;
  }
});

test('each planted failure is one incident, or a sign of one that was there already', () => {
  const { incidents, problems, raised } = failureHistory(plan);
  expect(problems).toEqual([]);
  const remaps = xidEvents(plan).filter(({ code }) => code === 63);
  expect(raised).toHaveLength(remaps.length);
  expect(remaps.length).toBeGreaterThan(0);
  for (const { entity, atMs } of plantedFailures(plan)) {
    const near = incidents.filter(
      (each) => each.entity.uuid === entity.uuid && Math.abs(each.startMs - atMs) < 6 * dayMs,
    );
    expect(near.length).toBeGreaterThan(0);
  }
  expect(incidents.every(({ sources }) => sources.includes('xid') && sources.includes('cmdb'))).toBe(true);
  expect(incidents.length).toBeLessThanOrEqual(plantedFailures(plan).length);
  const until = settings.fromMs + 60 * dayMs;
  const early = failureHistory(plan, until);
  expect(early.problems).toEqual([]);
  expect(early.incidents.every(({ startMs }) => startMs <= until)).toBe(true);
  expect(early.raised).toHaveLength(remaps.filter(({ atMs }) => atMs <= until).length);
});

test('a fleet without signs has none', () => {
  const sudden = planFleet({ ...settings, shownShare: 0, repeatShare: 0 });
  expect(new Set(plantedFailures(sudden).map(({ cause }) => cause))).toEqual(new Set(['sudden']));
  expect(plantedFailures(sudden).every(({ signFromMs, atMs }) => signFromMs === atMs)).toBe(true);
  expect(failureHistory(sudden).raised).toEqual([]);
});

test('the CSV files hold the same table and the same failures', async () => {
  const names = ['temperature_mean_24h', 'pcie_replays_growth_7d', 'faults_30d'];
  const spec = { ...gpuSpec, features: gpuSpec.features.filter(({ name }) => names.includes(name)) };
  const moments = [40, 80, 110].map((day) => settings.fromMs + day * dayMs);
  const table = computeFeatures(spec, fleetSamples(plan, 12 * hourMs, failureHistory(plan)), moments);
  const path = join(folder, 'history.csv');
  await writeFeatureCsv(table, path);
  const { table: read, badRows } = await readCsv(createReadStream(path, 'utf8'), {
    kind: 'gpu',
    columns: { entity: 'uuid', time: 'time', node: 'node', cluster: 'cluster' },
    windows: [],
    where: path,
  });
  expect(badRows).toBe(0);
  expect(read.schema.names).toEqual(table.schema.names);
  expect(read.values).toEqual(table.values);
  expect(read.atMs).toEqual(table.atMs);
  const entities = plan.gpus.map(({ entity }) => entity);
  const { signs, problems } = readTickets(ticketCsv(plan), { file: 'failures.csv', entities, nowMs: plan.untilMs });
  expect(problems).toEqual([]);
  expect(signs.map(({ entity, startMs }) => [entity.uuid, startMs])).toEqual(
    plantedFailures(plan).map(({ entity, atMs }) => [entity.uuid, Math.floor(atMs)]),
  );
});
