import { createRunPlay } from '../../../../cli/simulate/training/run-play.ts';
import { type RunTruth, truthOf } from '../../../../cli/simulate/training/run-truth.ts';
import { simulatedFrameworks } from '../../../../cli/simulate/training/simulated-frameworks.ts';
import type { SimulatedRun } from '../../../../cli/simulate/training/simulated-run.ts';
import type { CreateDecoder } from '../../../../exporters/training/decoders/file-decoder.ts';
import { createLogDecoder } from '../../../../exporters/training/decoders/log/log-decoder.ts';
import { createRankLogDecoder } from '../../../../exporters/training/decoders/rank-log/rank-log-decoder.ts';
import { createEventFileDecoder } from '../../../../exporters/training/decoders/tfevents/event-file-decoder.ts';
import { createTagMap } from '../../../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../../../exporters/training/schema/mapping.ts';
import type { Quantity } from '../../../../exporters/training/schema/quantities.ts';
import { createFakeStream, type FakeStream } from '../../../support/fake-journal.ts';
import { firstRun, runOf, startedSeconds } from './runs.ts';

interface Decoded {
  readonly truth: RunTruth;
  /** What the decoders of the exporter tell of each file, by its path. */
  readonly streams: ReadonlyMap<string, FakeStream>;
  readonly problems: readonly string[];
}

/** Plays a run second by second and hands what it appends to the decoders of the exporter, as polls would. */
function decode(run: SimulatedRun, toSecond: number): Decoded {
  const play = createRunPlay(run, startedSeconds);
  const streams = new Map<string, FakeStream>();
  const decoders = new Map<string, ReturnType<CreateDecoder>>();
  const problems: string[] = [];
  const events = [];
  for (let second = 0; second <= toSecond; second++) {
    const { events: happened, changes } = play.advance(second);
    events.push(...happened);
    for (const change of changes) {
      const create = decoderOf(change.path);
      if (change.kind !== 'append' || create === undefined) continue;
      const fake = streams.get(change.path) ?? createFakeStream();
      const decoder =
        decoders.get(change.path) ??
        create({
          stream: fake.stream,
          tags: createTagMap(emptyMapping),
          onRecord: () => {},
          onProblem: (reason) => problems.push(`${change.path}: ${reason}`),
        });
      streams.set(change.path, fake);
      decoders.set(change.path, decoder);
      decoder.push(change.data);
      decoder.settle(startedSeconds + second);
    }
  }
  return { truth: truthOf(run, events), streams, problems };
}

function decoderOf(path: string): CreateDecoder | undefined {
  if (path.includes('tfevents')) return createEventFileDecoder;
  if (path.endsWith('.jsonl')) return createRankLogDecoder;
  return path.endsWith('.log') ? createLogDecoder : undefined;
}

function streamOf({ streams }: Decoded, part: string): FakeStream {
  const [found] = [...streams].filter(([path]) => path.includes(part));
  if (found === undefined) throw new Error(`nothing was read from ${part}`);
  return found[1];
}

/** Values of a quantity in the order in which they were told. */
function valuesOf(stream: FakeStream, quantity: Quantity) {
  return stream.toldAs('value').filter((told) => told.quantity === quantity);
}

describe.each(simulatedFrameworks)('%s', (framework) => {
  const decoded = decode(runOf(framework), 120);
  const { truth } = decoded;
  const lastReported = Math.floor(truth.lastStep / truth.reportEvery) * truth.reportEvery;

  test('is recognised in every file, without any complaint', () => {
    expect(decoded.problems).toEqual([]);
    for (const [path, stream] of decoded.streams) {
      if (path.endsWith('.jsonl')) continue;
      expect([path, ...new Set(stream.toldAs('framework').map(({ name }) => name))]).toEqual([path, framework]);
    }
  });

  test('its log tells the loss of every reported step', () => {
    const losses = valuesOf(streamOf(decoded, 'train.log'), 'loss');
    expect(losses.map(({ step }) => step)).toEqual(
      Array.from({ length: lastReported / truth.reportEvery }, (_, index) => (index + 1) * truth.reportEvery),
    );
    expect(losses[0]?.value).toBeGreaterThan(8);
    expect(losses.at(-1)?.value).toBeLessThan(0.8 * (losses[0]?.value ?? 0));
  });

  test('its log tells how long steps took, or leaves that to their times', () => {
    const seconds = valuesOf(streamOf(decoded, 'train.log'), 'step_seconds').map(({ value }) => value);
    for (const value of seconds) expect(value).toBeCloseTo(median(truth.stepSeconds), 0);
  });

  test('its event files tell the same', () => {
    if (framework === 'deepspeed') return;
    const losses = valuesOf(streamOf(decoded, 'tfevents'), 'loss');
    const steps = losses.map(({ step }) => step ?? 0);
    expect(steps[0]).toBe(truth.reportEvery);
    expect(steps.at(-1)).toBeGreaterThan(lastReported - 11);
    expect(losses.every(({ timeSeconds = 0 }) => timeSeconds > startedSeconds)).toBe(true);
    const evaluations = valuesOf(streamOf(decoded, 'tfevents'), 'eval_loss');
    expect(evaluations.length).toBeGreaterThanOrEqual(truth.evaluations - 1);
    expect(evaluations.at(-1)?.value).toBeLessThan(evaluations[0]?.value ?? 0);
  });
});

test.each(['megatron', 'huggingface'] as const)('%s tells its last step', (framework) => {
  const decoded = decode(runOf(framework), 60);
  const told = valuesOf(streamOf(decoded, 'train.log'), 'max_steps').map(({ value }) => value);
  expect(new Set(told)).toEqual(new Set([decoded.truth.maxSteps]));
});

test('training-nan: the missing field of Megatron is told as such, and its event file says NaN', () => {
  const decoded = decode(firstRun('training-nan'), 60);
  const { nanStep, nanSteps } = decoded.truth;
  const missing = streamOf(decoded, 'train.log').toldAs('lossMissing');
  expect(missing).toHaveLength(nanSteps);
  expect(missing[0]?.step).toBe(nanStep);
  const losses = valuesOf(streamOf(decoded, 'tfevents'), 'loss');
  expect(losses.find(({ value }) => Number.isNaN(value))?.step).toBe(nanStep);
});

test('straggler: the ranks tell who is slow', () => {
  const decoded = decode(firstRun('straggler'), 60);
  const last = Array.from({ length: decoded.truth.ranks }, (_, rank) => {
    const times = streamOf(decoded, `global_rank_${rank}.`)
      .toldAs('phaseTime')
      .filter(({ phase }) => phase === 'forward_backward');
    expect(new Set(times.map((time) => time.rank))).toEqual(new Set([rank]));
    return times.at(-1)?.seconds ?? 0;
  });
  const slow = last.flatMap((seconds, rank) => (Math.min(...last) / seconds < 0.75 ? [rank] : []));
  expect(slow).toEqual([decoded.truth.stragglerRank]);
});

test('rollback: the steps of the log go back to behind the checkpoint', () => {
  const decoded = decode(firstRun('rollback'), 100);
  const steps = valuesOf(streamOf(decoded, 'train.log'), 'loss').map(({ step = 0 }) => step);
  const back = steps.findIndex((step, index) => step <= (steps[index - 1] ?? 0));
  expect([steps[back - 1], steps[back]]).toEqual([
    decoded.truth.rollback?.fromStep,
    (decoded.truth.rollback?.toStep ?? 0) + 1,
  ]);
});

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
