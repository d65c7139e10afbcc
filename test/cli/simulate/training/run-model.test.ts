import { type RunEvent, runEvents, type StepEvent } from '../../../../cli/simulate/training/run-model.ts';
import { shapeOf } from '../../../../cli/simulate/training/run-shape.ts';
import { truthOf } from '../../../../cli/simulate/training/run-truth.ts';
import { type RunKey, simulatedRuns } from '../../../../cli/simulate/training/simulated-run.ts';
import { firstRun } from './runs.ts';

function eventsUntil(run: RunKey, second: number): readonly RunEvent[] {
  const events: RunEvent[] = [];
  for (const event of runEvents(run)) {
    if (event.second > second) break;
    events.push(event);
  }
  return events;
}

function stepsOf(events: readonly RunEvent[]): readonly StepEvent[] {
  return events.filter((event) => event.kind === 'step');
}

function truthAt(run: RunKey, second: number) {
  return truthOf(run, eventsUntil(run, second));
}

const manyRuns = simulatedRuns({ seed: 3, nodes: 12, gpus: 8, scenario: 'healthy' });

test('the same key gives the same life, another one another', () => {
  const run = firstRun('healthy');
  expect(eventsUntil(run, 200)).toEqual(eventsUntil(run, 200));
  expect(eventsUntil({ ...run, seed: 9 }, 200)).not.toEqual(eventsUntil(run, 200));
  expect(eventsUntil({ ...run, pod: 5 }, 200)).not.toEqual(eventsUntil(run, 200));
});

test.each(manyRuns.map((run) => [run.podName, run] as const))(
  '%s goes on in time, one step after the other',
  (_, run) => {
    const events = eventsUntil(run, 400);
    expect(events.map(({ second }) => second)).toEqual(events.map(({ second }) => second).toSorted((a, b) => a - b));
    const steps = stepsOf(events);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_step, index) => index + 1));
    for (const { seconds, ranks } of steps) {
      expect(seconds).toBeGreaterThan(0.45);
      expect(seconds).toBeLessThan(2.2);
      expect(ranks).toHaveLength(run.ranks);
      for (const { forwardBackwardSeconds } of ranks) expect(forwardBackwardSeconds).toBeLessThan(seconds);
    }
  },
);

test('its loss falls like that of a language model, its learning rate rises and then falls', () => {
  const run = firstRun('healthy');
  const steps = stepsOf(eventsUntil(run, 1200));
  const loss = (from: number): number => mean(steps.slice(from, from + 20).map((step) => step.loss));
  expect(steps[0]?.loss).toBeGreaterThan(9);
  expect(loss(80)).toBeLessThan(0.75 * loss(0));
  expect(loss(1000)).toBeLessThan(loss(300));
  expect(loss(1000)).toBeGreaterThan(2);
  const { warmupSteps, peakLearningRate } = shapeOf(run);
  const rates = steps.map(({ learningRate }) => learningRate);
  expect(Math.max(...rates)).toBe(peakLearningRate);
  expect(rates.indexOf(peakLearningRate)).toBe(warmupSteps - 1);
  expect(rates.at(-1)).toBeLessThan(peakLearningRate);
});

test('a healthy run never shows what rules call a spike', () => {
  for (const run of manyRuns.slice(0, 4)) {
    const losses = stepsOf(eventsUntil(run, 900)).map(({ loss }) => loss);
    for (let at = 128; at < losses.length; at++) {
      const before = losses.slice(at - 128, at).toSorted((a, b) => a - b);
      expect(losses[at]).toBeLessThan(1.1 * (before[64] ?? 0));
    }
  }
});

test('it saves and evaluates now and then, and goes on only when that is done', () => {
  const events = eventsUntil(firstRun('healthy'), 300);
  const truth = truthOf(firstRun('healthy'), events);
  expect(truth.checkpoints).toBeGreaterThanOrEqual(4);
  expect(truth.evaluations).toBeGreaterThanOrEqual(2);
  for (const [index, event] of events.entries()) {
    const next = events[index + 1];
    if (event.kind !== 'checkpoint' || next?.kind !== 'step') continue;
    expect(next.second - next.seconds).toBeCloseTo(event.second, 9);
  }
  expect(truth.rollback).toBeUndefined();
  expect(truth.wastedSteps).toBe(0);
});

test('it ends with its last step', () => {
  const run = firstRun('healthy');
  const { maxSteps } = shapeOf(run);
  let last: RunEvent | undefined;
  for (const event of runEvents(run)) last = event;
  expect(last).toMatchObject({ kind: 'finish', step: maxSteps });
});

test('training-nan: from second 30 on no loss is a number, and the steps go on', () => {
  const run = firstRun('training-nan');
  const steps = stepsOf(eventsUntil(run, 90));
  expect(steps.filter(({ loss }) => Number.isNaN(loss))).toEqual(steps.filter(({ second }) => second >= 30));
  const truth = truthOf(run, eventsUntil(run, 90));
  expect(truth.nanStep).toBe(steps.find(({ second }) => second >= 30)?.step);
  expect(truth.nanSteps).toBeGreaterThan(20);
  expect(truth.nanSteps + (truth.nanStep ?? 0)).toBe(truth.lastStep + 1);
});

test('training-stall: after second 40 there is nothing more', () => {
  const run = firstRun('training-stall');
  expect(eventsUntil(run, 3600)).toEqual(eventsUntil(run, 40));
  expect(truthAt(run, 3600).lastStepSecond).toBeGreaterThan(36);
  expect(truthAt(run, 40)).toEqual(truthAt(firstRun('healthy'), 40));
});

test('straggler: one rank takes 1.6 times as long from second 30 on, and so does nearly the whole step', () => {
  const run = firstRun('straggler');
  expect(run.framework).toBe('torchtitan');
  expect(run.ranks).toBeGreaterThan(2);
  const steps = stepsOf(eventsUntil(run, 120));
  const before = steps.filter(({ second }) => second < 30);
  const after = steps.filter(({ second, seconds }) => second - seconds >= 30);
  const scores = (step: StepEvent): readonly number[] => {
    const times = step.ranks.map(({ forwardBackwardSeconds }) => forwardBackwardSeconds);
    return times.map((time) => Math.min(...times) / time);
  };
  for (const step of before) expect(Math.min(...scores(step))).toBeGreaterThan(0.9);
  for (const step of after) expect(scores(step).map((score) => score < 0.75)).toEqual([false, false, true, false]);
  expect(mean(after.map(({ seconds }) => seconds)) / mean(before.map(({ seconds }) => seconds))).toBeGreaterThan(1.4);
  expect(truthAt(run, 120).stragglerRank).toBe(2);
  expect(truthAt(run, 29).stragglerRank).toBeUndefined();
});

test('rollback: it crashes at second 60, starts again at 75 and does steps after the checkpoint once more', () => {
  const run = firstRun('rollback');
  const events = eventsUntil(run, 160);
  const truth = truthOf(run, events);
  const crash = events.find(({ kind }) => kind === 'crash');
  const restart = events.filter((event) => event.kind === 'start')[1];
  expect([crash?.second, restart?.second]).toEqual([60, 75]);
  expect(truth.starts).toBe(2);
  const { fromStep = 0, toStep = 0 } = truth.rollback ?? {};
  expect(toStep).toBeGreaterThan(0);
  expect(truth.wastedSteps).toBe(fromStep - toStep);
  expect(truth.wastedSteps).toBeGreaterThan(3);
  expect(truth.steps).toBe(truth.lastStep + truth.wastedSteps);
  const again = stepsOf(events).filter(({ step }) => step === toStep + 1);
  expect(again).toHaveLength(2);
  expect(again[1]?.loss).toBe(again[0]?.loss);
  expect(truth.productiveSeconds + truth.wastedSeconds).toBeCloseTo(sum(truth.stepSeconds), 6);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('with seed %i there is a checkpoint to go back to, and steps are lost', (seed) => {
  const truth = truthAt(firstRun('rollback', { seed }), 120);
  expect(truth.rollback?.toStep).toBeGreaterThan(0);
  expect(truth.wastedSteps).toBeGreaterThanOrEqual(2);
});

test.each(['training-nan', 'training-stall', 'straggler', 'rollback'])(
  '%s strikes the first run of the first node alone',
  (scenario) => {
    const key = { seed: 1, nodes: 3, gpus: 8 };
    const struck = simulatedRuns({ ...key, scenario });
    const healthy = simulatedRuns({ ...key, scenario: 'healthy' });
    expect(struck.slice(1)).toEqual(healthy.slice(1));
    expect(struck[0]?.fault).not.toEqual({});
    expect(struck[0]?.node).toBe(0);
  },
);

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
