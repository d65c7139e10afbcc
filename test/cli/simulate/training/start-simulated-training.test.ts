import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxRuns, runFolderName, simulatedRuns } from '../../../../cli/simulate/training/simulated-run.ts';
import { startSimulatedTraining } from '../../../../cli/simulate/training/start-simulated-training.ts';
import { writeSimulatedRun } from '../../../../cli/simulate/training/write-simulated-run.ts';
import { eventually } from '../../../support/eventually.ts';
import { filesBelow, startedSeconds } from './runs.ts';

const key = { seed: 1, nodes: 1, gpus: 8, scenario: 'rollback' };
let seconds = 0;
const clock = { now: () => startedSeconds + seconds, monotonic: () => 1000 + seconds };
let folder = '';
beforeEach(() => {
  seconds = 0;
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-training-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function neverFails(reason: string): void {
  throw new Error(reason);
}

test('as time goes by every run writes what it writes in one go, and nothing more once it is stopped', async () => {
  const training = startSimulatedTraining({ ...key, folder: join(folder, 'live') }, { clock, onFailure: neverFails });
  await eventually('the first lines', () => (filesBelow(folder).size >= training.runs.length ? true : undefined));
  seconds = 100;
  for (const run of training.runs) {
    await writeSimulatedRun(join(folder, 'once'), run, { fromSecond: 0, toSecond: 100, startedSeconds });
  }
  const once = filesBelow(join(folder, 'once'));
  await eventually('all that is written until second 100', () =>
    sizeOf(filesBelow(join(folder, 'live'))) === sizeOf(once) ? true : undefined,
  );
  await training.stop();
  expect(filesBelow(join(folder, 'live'))).toEqual(once);
  expect(training.runs).toHaveLength(4);
});

test('stop waits for what is being written', async () => {
  const training = startSimulatedTraining({ ...key, folder }, { clock, onFailure: neverFails });
  await training.stop();
  const found = new Set([...filesBelow(folder).keys()].map((path) => path.split('/')[0]));
  expect(found).toEqual(new Set(training.runs.map(runFolderName)));
});

test('a folder that cannot be written ends the simulation with one message', async () => {
  for (const run of simulatedRuns(key).slice(0, 1)) writeFileSync(join(folder, runFolderName(run)), 'no folder');
  const reasons: string[] = [];
  const training = startSimulatedTraining({ ...key, folder }, { clock, onFailure: (reason) => reasons.push(reason) });
  await training.stop();
  expect(reasons).toEqual([expect.stringMatching(/EEXIST|ENOTDIR/)]);
});

test('of a large fleet only some runs write', async () => {
  const training = startSimulatedTraining({ ...key, nodes: 100, folder }, { clock, onFailure: neverFails });
  await training.stop();
  expect(training.runs).toHaveLength(maxRuns);
});

function sizeOf(files: ReadonlyMap<string, Buffer>): number {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}
