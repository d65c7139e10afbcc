import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunPlay } from '../../../../cli/simulate/training/run-play.ts';
import { simulatedFrameworks } from '../../../../cli/simulate/training/simulated-frameworks.ts';
import { runFolderName, type SimulatedRun } from '../../../../cli/simulate/training/simulated-run.ts';
import { type WrittenRun, writeSimulatedRun } from '../../../../cli/simulate/training/write-simulated-run.ts';
import { type ReadEvent, readEventFile } from '../../../support/tfevents-reader.ts';
import { filesBelow, firstRun, runOf, startedSeconds } from './runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-simulated-runs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

interface Written extends WrittenRun {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly log: string;
}

async function write(run: SimulatedRun, toSecond: number): Promise<Written> {
  const span = { fromSecond: 0, toSecond, startedSeconds };
  const written = await writeSimulatedRun(join(folder, String(count++)), run, span);
  const files = filesBelow(written.folder);
  return { ...written, files, log: files.get('train.log')?.toString() ?? '' };
}

/** The event files in the order of their names, each as its records. */
function eventFiles(files: ReadonlyMap<string, Buffer>): readonly (readonly ReadEvent[])[] {
  return [...files].filter(([path]) => path.includes('tfevents')).map(([, data]) => readEventFile(data));
}

function valuesOf(events: readonly ReadEvent[], tag: string): readonly ReadEvent[] {
  return events.filter((event) => event.tag === tag);
}

describe.each(simulatedFrameworks)('%s', (framework) => {
  test('writes the same in one go and in pieces of any size', async () => {
    const run = runOf(framework);
    const whole = await write(run, 130);
    const target = join(folder, String(count++));
    for (const [fromSecond, toSecond] of [
      [0, 1],
      [1, 47.3],
      [47.3, 48],
      [48, 130],
    ] as const) {
      await writeSimulatedRun(target, run, { fromSecond, toSecond, startedSeconds });
    }
    expect(filesBelow(join(target, runFolderName(run)))).toEqual(whole.files);
    expect(whole.files.size).toBeGreaterThan(4);
  });

  test('goes back to its checkpoint in the files as it does in truth', async () => {
    const run = runOf(framework, 'rollback');
    const { truth, log, files } = await write(run, 150);
    const { toStep = 0 } = truth.rollback ?? {};
    expect(log).toMatch(new RegExp(`\\b${toStep}\\b`));
    const steps = reportedSteps(framework, log);
    const lastBefore = steps.findIndex((step, index) => step <= (steps[index - 1] ?? 0)) - 1;
    expect(steps[lastBefore]).toBe(Math.floor((truth.rollback?.fromStep ?? 0) / truth.reportEvery) * truth.reportEvery);
    expect(steps[lastBefore + 1]).toBe(toStep + truth.reportEvery);
    expect(steps.at(-1)).toBe(Math.floor(truth.lastStep / truth.reportEvery) * truth.reportEvery);
    if (framework !== 'deepspeed') expect(eventFiles(files)).toHaveLength(2);
  });

  test('keeps a few checkpoints', async () => {
    const { files, truth } = await write(runOf(framework), 420);
    const kept = new Set([...files.keys()].map((path) => /(?:iter_0*|step-?|checkpoint-)(\d+)\//.exec(path)?.[1]));
    kept.delete(undefined);
    expect(truth.checkpoints).toBeGreaterThan(6);
    expect(kept.size).toBeLessThanOrEqual(5);
    expect(kept).toContain(String(truth.lastCheckpointStep));
  });
});

const stepPatterns = {
  megatron: /iteration +(\d+)\/ +\d+ \|/g,
  torchtitan: /31mstep: +(\d+)/g,
  huggingface: / (\d+)\/\d+ \[[^\]]+\]\{'loss'/g,
  deepspeed: /^steps: (\d+) loss:/gm,
} as const;

function reportedSteps(framework: keyof typeof stepPatterns, log: string): readonly number[] {
  return [...log.matchAll(stepPatterns[framework])].map(([, step]) => Number(step));
}

test('event files are named after their writer and hold right records of every step', async () => {
  const { files, truth } = await write(runOf('megatron'), 100);
  const [name = ''] = [...files.keys()].filter((path) => path.includes('tfevents'));
  expect(name).toMatch(/^tensorboard\/events\.out\.tfevents\.1700000000\.sim-1\.\d+\.0$/);
  const [events = []] = eventFiles(files);
  expect(events[0]).toEqual({ wallTime: startedSeconds, step: 0, fileVersion: 'brain.Event:2' });
  const losses = valuesOf(events, 'lm loss');
  expect(losses.map(({ step }) => step)).toEqual(losses.map((_, index) => index + 1));
  // What was added less than five seconds ago may be in memory still.
  expect(losses.length).toBeGreaterThan(truth.lastStep - 11);
  expect(losses.length).toBeLessThanOrEqual(truth.lastStep);
  for (const { wallTime } of losses) expect(wallTime).toBeGreaterThan(startedSeconds);
  expect(valuesOf(events, 'lm loss vs samples').map(({ step }) => step)).toEqual(losses.map(({ step }) => step * 8));
  expect(valuesOf(events, 'lm loss validation')).toHaveLength(truth.evaluations);
});

test('how often the clock ticks changes nothing in what is flushed until then', () => {
  const bytesUntil = (second: number, tick: number): number => {
    const play = createRunPlay(runOf('megatron'), startedSeconds);
    let bytes = 0;
    for (let ticks = 1; ticks <= Math.ceil(second / tick); ticks++) {
      for (const change of play.advance(Math.min(second, ticks * tick)).changes) {
        if (change.kind === 'append') bytes += change.data.length;
      }
    }
    return bytes;
  };
  for (let second = 60; second < 70; second++) expect(bytesUntil(second, 0.3)).toBe(bytesUntil(second, second));
});

test('training-nan: Megatron leaves the loss out of its line and counts the iteration', async () => {
  const { log, files, truth } = await write(firstRun('training-nan'), 60);
  const lines = log.split('\n').filter((line) => line.includes('] iteration '));
  const broken = lines.filter((line) => line.includes('number of nan iterations:   1 |'));
  expect(broken).toHaveLength(truth.nanSteps);
  expect(broken.some((line) => line.includes('lm loss'))).toBe(false);
  expect(broken.every((line) => line.includes('grad norm: nan'))).toBe(true);
  expect(lines.length - broken.length).toBe((truth.nanStep ?? 0) - 1);
  const losses = valuesOf(eventFiles(files)[0] ?? [], 'lm loss');
  expect(losses.find(({ value }) => Number.isNaN(value))?.step).toBe(truth.nanStep);
});

test.each([
  ['torchtitan', /loss: +nan /],
  ['huggingface', /'loss': '?nan'?,/],
  ['deepspeed', /loss: nan /],
] as const)('training-nan: %s says so', async (framework, pattern) => {
  const { log } = await write(runOf(framework, 'training-nan'), 60);
  expect(log).toMatch(pattern);
});

test('straggler: the structured logs of the ranks tell which one it is, in the files of torchtitan', async () => {
  const { files, truth } = await write(firstRun('straggler'), 60);
  const logs = [...files].filter(([path]) =>
    /^structured_logs\/training\.global_rank_\d+\.\d{8}-\d{6}-[A-Z]{6}\.jsonl$/.test(path),
  );
  expect(logs).toHaveLength(truth.ranks);
  const times = logs.map(([, data]) => lastForwardBackward(data.toString(), truth.lastStep));
  expect(times.map((time) => Math.min(...times) / time < 0.75)).toEqual([false, false, true, false]);
});

/** Milliseconds of the step, by the log of one rank; its records are in order and numbered. */
function lastForwardBackward(text: string, step: number): number {
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records.map(({ seq_id }) => seq_id)).toEqual(records.map((_, index) => index));
  const times = records.map(({ time_us }) => Number(time_us));
  expect(times).toEqual(times.toSorted((left, right) => left - right));
  const last = records.find((record) => record['log_type_name'] === 'fwd_bwd_end' && record['step'] === step);
  return Number(last?.['value']);
}

test('trainer_state.json is what the Trainer knew at its checkpoint, and its older entries survive a restart once', async () => {
  const { files, truth } = await write(runOf('huggingface', 'rollback'), 200);
  const text = files.get(`checkpoint-${truth.lastCheckpointStep}/trainer_state.json`)?.toString() ?? '';
  const state = JSON.parse(text) as { log_history: { step: number; loss?: number }[] };
  expect(state).toMatchObject({ global_step: truth.lastCheckpointStep, max_steps: truth.maxSteps });
  const steps = state.log_history.filter(({ loss }) => loss !== undefined).map(({ step }) => step);
  expect(steps).toEqual(steps.map((_, index) => (index + 1) * truth.reportEvery));
});

test('trainer_state.json has NaN as Python writes it', async () => {
  const { files } = await write(runOf('huggingface', 'training-nan'), 120);
  const states = [...files].filter(([path]) => path.endsWith('trainer_state.json')).map(([, data]) => data.toString());
  expect(states.at(-1)).toContain('"loss": NaN');
});

test('both versions of the Trainer are there: numbers and strings', async () => {
  const logs = await Promise.all(
    [3, 7, 11, 15, 19, 23].map(async (seed) => (await write(firstRun('healthy', { seed }), 60)).log),
  );
  expect(logs.some((log) => /\{'loss': \d/.test(log))).toBe(true);
  expect(logs.some((log) => /\{'loss': '\d/.test(log))).toBe(true);
});

test.each([
  ['megatron', 'checkpoints/latest_checkpointed_iteration.txt', (step: number) => `${step}`],
  ['deepspeed', 'checkpoints/latest', (step: number) => `global_step${step}`],
] as const)('%s marks its newest checkpoint', async (framework, path, mark) => {
  const { files, truth } = await write(runOf(framework), 100);
  expect(files.get(path)?.toString()).toBe(mark(truth.lastCheckpointStep ?? 0));
});

test('a checkpoint that is being written is not complete', async () => {
  const run = runOf('torchtitan');
  const { truth } = await write(run, 100);
  const done = truth.lastCheckpointStep ?? 0;
  for (let second = 40; second < 60; second += 0.25) {
    const { files, truth: then } = await write(run, second);
    const complete = [...files.keys()].filter((path) => path.endsWith('.metadata')).length;
    expect(complete).toBe(then.checkpoints);
    if (then.checkpoints === 0 && files.has(`checkpoint/step-${then.lastStep}/__0_0.distcp`)) return;
  }
  throw new Error(`never saw checkpoint ${done} begun`);
});
