import { jsonReport } from '../../../cli/training-inspect/json-report.ts';
import { version } from '../../../kit/version.ts';
import { expectGolden } from '../../support/golden.ts';
import { runOf } from '../simulate/training/runs.ts';
import { ascii, inspect, narrow, newFolder, removeFolders, simulate, textOf, wide } from './inspection.ts';

afterAll(removeFolders);

const frameworks = ['megatron', 'torchtitan', 'huggingface', 'deepspeed'] as const;

test.each(frameworks)('a run of %s as the exporter would show it', async (framework) => {
  const folder = newFolder();
  const path = await simulate(folder, runOf(framework), 300);
  const report = await inspect(path);
  const [run] = report.runs;
  expect(report.is).toBe('run');
  expect(run).toMatchObject({ framework, phase: 'training', problems: [] });
  expect(run?.steps.last).toBeGreaterThan(100);
  expectGolden(`training-inspect/${framework}.txt`, textOf(report, folder, wide));
});

test('step times come from the event files where a log tells the same steps without times', async () => {
  const folder = newFolder();
  const run = runOf('torchtitan');
  const report = await inspect(await simulate(folder, run, 300));
  expect(report.runs[0]?.steps).toMatchObject({ perReport: 5 });
  expect(report.runs[0]?.steps.medianSeconds).toBeGreaterThan(0.4);
  expect(report.runs[0]?.lossSpikes).toBe(0);
});

test('a run whose loss is NaN, in the text of a terminal without UTF-8', async () => {
  const folder = newFolder();
  const path = await simulate(folder, runOf('torchtitan', 'training-nan'), 120);
  const report = await inspect(path);
  expect(report.runs[0]?.nonfiniteLosses).toBeGreaterThan(5);
  const text = textOf(report, folder, ascii);
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expectGolden('training-inspect/nan-ascii.txt', text);
});

test('a run that went back', async () => {
  const folder = newFolder();
  const report = await inspect(await simulate(folder, runOf('deepspeed', 'rollback'), 200));
  expect(report.runs[0]).toMatchObject({ restarts: 1, rollbacks: 1 });
  expectGolden('training-inspect/rollback.txt', textOf(report, folder, narrow));
});

test('a folder of runs, as data', async () => {
  const folder = newFolder();
  for (const framework of frameworks) await simulate(folder, runOf(framework), 60);
  const report = await inspect(folder);
  expect(report).toMatchObject({ is: 'runs', patterns: [`${folder}/*`], otherCount: 1 });
  expect(report.runs).toHaveLength(3);
  expect(report.command).toBe(`fleetlens training --runs.paths='${folder}/*'`);
  const json = jsonReport(report);
  const data = JSON.parse(json);
  expect(data).toMatchObject({ version: 1, fleetlens: version, is: 'runs', other_count: 1 });
  expect(data.runs[0]).toMatchObject({ phase: 'training', wasted_steps: 0 });
  expectGolden(
    'training-inspect/runs.json',
    json.replaceAll(folder, '/data').replace(`"fleetlens": "${version}"`, '"fleetlens": "VERSION"'),
  );
});
