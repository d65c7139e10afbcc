import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnomalyEngine } from '../../exporters/prediction/anomaly/engine/engine.ts';
import { defaultAnomaly } from '../../exporters/prediction/anomaly/settings.ts';
import type { ModelSet } from '../../exporters/prediction/pipeline/model-set.ts';
import { writeModelSet } from '../../exporters/prediction/pipeline/stored/write-model-set.ts';
import { trainModels } from '../../exporters/prediction/pipeline/train-models.ts';
import type { SaidDay } from '../../exporters/prediction/serving/said-days.ts';
import { readAnomalyState } from '../../exporters/prediction/sources/anomaly/state-file.ts';
import { openFeatureStore } from '../../exporters/prediction/store/features/feature-store.ts';
import { openModelStore } from '../../exporters/prediction/store/models/model-store.ts';
import { openSaidLog } from '../../exporters/prediction/store/said-log.ts';
import { createSignKeeper } from '../../exporters/prediction/store/signs/sign-keeper.ts';
import { inputOf, madeFleet, trainFast } from '../exporters/prediction/pipeline/made-fleet.ts';
import { type RunningChild, startChild } from '../support/child-process.ts';
import { eventually } from '../support/eventually.ts';
import {
  anomalyFile,
  featureFolder,
  featureMaking,
  numberOfBook,
  numberOfDay,
  numberOfStep,
  signFileOf,
} from '../support/prediction-crash.ts';

/** `FLEETLENS_KILL_ROUNDS=100 npx jest test/e2e/prediction-crash.test.ts` takes minutes; a few rounds find what is plainly wrong. */
const rounds = Number(process.env['FLEETLENS_KILL_ROUNDS'] ?? 3);
const writer = join(import.meta.dirname, '..', 'support', 'prediction-writer-process.ts');
const folder = mkdtempSync(join(tmpdir(), 'prediction-crash-'));
const state = join(folder, 'state');
let sets: readonly ModelSet[];
let files: readonly string[];

beforeAll(async () => {
  const fleets = [1, 2].map((seed) => madeFleet({ gpus: 16, days: 60, rate: 0.02, seed }));
  sets = await Promise.all(fleets.map((fleet) => trainModels(inputOf(fleet), { train: trainFast })));
  files = sets.map((set, at) => {
    const file = join(folder, `set-${at}.json`);
    writeFileSync(file, writeModelSet(set));
    return file;
  });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The last number that each store acknowledged. */
type Acknowledged = ReadonlyMap<string, number>;

function acknowledgedBy(child: RunningChild): Acknowledged {
  const lines = child.stdout().split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [word = '', number = ''] = line.split(' ');
      return [word, Number(number)];
    }),
  );
}

/** Most of the time nothing is written: a kill at any moment would seldom come within a write. */
async function beginOfWrite(round: number): Promise<void> {
  const folders = [featureFolder(state), join(state, 'models'), state, join(state, 'said'), dirname(signFileOf(state))];
  const watcher = watch(folders[round % folders.length] ?? state);
  await once(watcher, 'change');
  watcher.close();
  await sleep(Math.random() * 3);
}

/** Each round begins with the number after the last that anything can have written. */
async function writeAndKill(first: number, round: number): Promise<Acknowledged> {
  const args = ['--import', 'tsx', writer, state, String(first), ...files];
  const child = startChild({ program: process.execPath, args });
  await eventually(
    'the writer to have written everything once',
    () => {
      if (child.end() !== undefined) throw new Error(`it ended with ${child.end()}: ${child.stderr()}`);
      return acknowledgedBy(child).has('signs') || undefined;
    },
    { withinSeconds: 30 },
  );
  await sleep(Math.random() * 200);
  await beginOfWrite(round);
  child.kill('SIGKILL');
  await child.ended;
  return acknowledgedBy(child);
}

/** What was acknowledged is there, and at most the write after it, which the kill may have let through. */
function expectLast(found: number, acknowledged: Acknowledged, word: string): void {
  const last = acknowledged.get(word) ?? Number.NaN;
  expect([last, last + 1]).toContain(found);
}

async function expectWhole(acknowledged: Acknowledged): Promise<number> {
  const store = await openFeatureStore({ folder: featureFolder(state), kind: 'gpu', schema: featureMaking.schema });
  const table = await store.read({ fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER });
  const columns = featureMaking.schema.names.length;
  const torn = [...table.atMs.keys()].filter(
    (row) => new Set(table.values.subarray(row * columns, (row + 1) * columns)).size !== 1,
  );
  expect(torn).toEqual([]);
  const newest = table.values.reduce((most, value) => Math.max(most, value), -1);
  expectLast(newest, acknowledged, 'chunk');

  const models = await openModelStore({ folder: join(state, 'models') });
  const [current, previous] = [await models.current(), await models.previous()];
  const swapped = acknowledged.get('models') ?? 0;
  const possible = [swapped, swapped + 1].map((number) => sets[number % sets.length]);
  expect(possible).toContainEqual(current);
  expect(sets).toContainEqual(previous);

  const engine = createAnomalyEngine(defaultAnomaly);
  expect(readAnomalyState(anomalyFile(state), engine)).toBe(true);
  expectLast(numberOfStep(engine.view().atMs ?? Number.NaN), acknowledged, 'anomalies');

  const problems: string[] = [];
  const days = await (await openSaidLog(join(state, 'said'), (problem) => problems.push(problem))).load();
  expect(problems).toEqual([]);
  expectLast(numberOfDay(days.at(-1) as SaidDay), acknowledged, 'said');
  const book = await createSignKeeper(signFileOf(state), '').load();
  expectLast(book === undefined ? Number.NaN : numberOfBook(book), acknowledged, 'signs');
  return newest + 1;
}

test(
  'nothing is torn or lost when the process is killed, and the next one gets the folder',
  async () => {
    let next = 0;
    for (let round = 0; round < rounds; round += 1) next = await expectWhole(await writeAndKill(next, round));
    expect(next).toBeGreaterThan(rounds);
    // One more start has taken away what the kills have left half written.
    const left = readdirSync(state, { recursive: true }).filter((name) => /\.new$/.test(String(name)));
    expect(left.length).toBeLessThanOrEqual(2);
  },
  30_000 + rounds * 20_000,
);
