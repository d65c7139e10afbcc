import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelSet } from '../../../exporters/prediction/pipeline/model-set.ts';
import { trainModels } from '../../../exporters/prediction/pipeline/train-models.ts';
import { openModelStore } from '../../../exporters/prediction/store/models/model-store.ts';
import type { RunningDaemon } from '../../../kit/daemon.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeFleet, startFakeFleet } from '../../support/fake-fleet.ts';
import { startPredictionDaemon } from '../../support/prediction-daemon.ts';
import { inputOf, madeFleet, trainFast } from './pipeline/made-fleet.ts';

let sets: readonly [ModelSet, ModelSet];
let fleet: FakeFleet;
let folder: string;
let daemon: RunningDaemon | undefined;

beforeAll(async () => {
  const make = (rate: number): Promise<ModelSet> =>
    trainModels(inputOf(madeFleet({ gpus: 16, days: 60, rate })), { train: trainFast });
  // One was made of a fleet that fails five times as often.
  sets = [await make(0.01), await make(0.05)];
}, 60_000);

beforeEach(async () => {
  const gpus = [{ node: 'gpu-01', uuid: 'GPU-1', model: 'NVIDIA H100' }];
  fleet = await startFakeFleet([
    ['count_over_time', [], 0],
    ['gpu_info', gpus, 1],
    ['gpu_up', gpus, 1],
  ]);
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-roll-back-'));
  writeFileSync(
    join(folder, 'prediction.yaml'),
    `sources: [{name: main, url: "${fleet.url}", cluster: prod, timeout: 1s}]\nanomaly: false\ntraining: {enabled: false}\n`,
  );
  const store = await openModelStore({ folder: models() });
  for (const set of sets) await store.swap(set);
});

afterEach(async () => {
  await daemon?.stop();
  daemon = undefined;
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

const models = (): string => join(folder, 'state', 'models');
const fileOf = ({ id }: ModelSet): string => join(models(), `models-${id}.json`);

async function restart(): Promise<void> {
  await daemon?.stop();
  daemon = await startPredictionDaemon({ folder, everySeconds: 1 });
}

async function ask(path: string, method = 'GET'): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const response = await fetch(`${daemon?.url}${path}`, { method });
  return { status: response.status, body: await response.json() };
}

async function inUse(): Promise<readonly [string, string | undefined]> {
  const { body } = await ask('/api/v1/models');
  return [body.version, body.previous];
}

/** Of GPU-1, once a set has scored it. */
function probabilityBy({ id }: ModelSet): Promise<number> {
  return eventually(`a score by ${id}`, async () => {
    const { status, body } = await ask('/api/v1/risk/GPU-1');
    return status === 200 && body.models === id ? body.probability['7d'] : undefined;
  });
}

test('the models before answer after a roll-back, and after a restart, and a second one takes it back', async () => {
  const [before, now] = sets;
  await restart();
  expect(await inUse()).toEqual([now.id, before.id]);
  const failing = await probabilityBy(now);
  expect((await ask('/api/v1/models/rollback', 'POST')).body).toMatchObject({ version: before.id, previous: now.id });
  expect(await probabilityBy(before)).toBeLessThan(failing / 2);
  const metrics = await (await fetch(`${daemon?.url}/metrics`)).text();
  expect(metrics).toContain(`prediction_model_info{version="${before.id}"} 1`);
  expect(metrics).toContain('prediction_model_swaps_total{outcome="rolled_back"} 1');
  await restart();
  expect(await inUse()).toEqual([before.id, now.id]);
  expect((await ask('/api/v1/models/rollback', 'POST')).status).toBe(200);
  expect(await inUse()).toEqual([now.id, before.id]);
  expect(await probabilityBy(now)).toBeCloseTo(failing, 2);
});

test('a set before that is cut short is told by name, and the one in use stays', async () => {
  const [before, now] = sets;
  await restart();
  truncateSync(fileOf(before), 5000);
  const { status, body } = await ask('/api/v1/models/rollback', 'POST');
  expect(status).toBe(503);
  expect(body.error.message).toContain(fileOf(before));
  expect(await inUse()).toEqual([now.id, before.id]);
});

test('a set in use that is cut short gives way to the one before, and without any the prior answers', async () => {
  const [before, now] = sets;
  truncateSync(fileOf(now), 5000);
  await restart();
  expect((await inUse())[0]).toBe(before.id);
  truncateSync(fileOf(before), 5000);
  await restart();
  expect((await inUse())[0]).toBe('prior');
});
