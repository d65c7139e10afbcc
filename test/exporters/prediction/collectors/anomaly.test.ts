import { createAnomalyEngine } from '../../../../exporters/prediction/anomaly/engine/engine.ts';
import { defaultAnomaly } from '../../../../exporters/prediction/anomaly/settings.ts';
import { collectAnomalyReports } from '../../../../exporters/prediction/collectors/anomaly-reports.ts';
import {
  type AnomalySeries,
  collectAnomalyScores,
} from '../../../../exporters/prediction/collectors/anomaly-scores.ts';
import { collectAnomalyState } from '../../../../exporters/prediction/collectors/anomaly-state.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../../kit/exposition/samples.ts';
import { prediction } from '../../../../metrics/prediction.ts';
import { expectGolden } from '../../../support/golden.ts';
import { noiseOf } from '../anomaly/generated.ts';

const settings = { ...defaultAnomaly, stepMs: 900_000 };
const floor = { absolute: 0.1, relative: 0 };
const signals = [
  { name: 'gpu_temperature', kind: 'gpu', floor },
  { name: 'gpu_power', kind: 'gpu', floor },
] as const;
const steps = 250;
const start = 1_700_000_100_000;

function gpu(at: number) {
  const entity = { kind: 'gpu', cluster: 'c1', node: `n"${at}`, uuid: `GPU-${at}` } as const;
  return { entity, group: 'c1/NVIDIA H100' };
}

/** The last of them runs away at the end, a new one comes, and a fan of temperature fails for all a day before. */
function engineOf(count: number) {
  const engine = createAnomalyEngine(settings, signals);
  const noise = noiseOf(1);
  const members = Array.from({ length: count }, (_, at) => gpu(at));
  for (let step = 0; step < steps; step++) {
    const own = step < steps - 1 ? members : [...members, gpu(count)];
    const shift = (at: number): number => (at === count - 1 && step >= steps - 2 ? 40 : 0) + (step === 200 ? 50 : 0);
    const values = own.map((_, at) => 60 + noise() + shift(at));
    engine.step(start + step * 900_000, [
      { signal: 'gpu_temperature', members: own, values },
      { signal: 'gpu_power', members: members.slice(1), values: members.slice(1).map(() => 300 + noise()) },
    ]);
  }
  return engine;
}

function collected(series: AnomalySeries, engine = engineOf(6)): string {
  const writer = createSampleWriter(prediction);
  const view = engine.view();
  collectAnomalyScores(view, series, writer.emit);
  collectAnomalyReports(view, writer.emit);
  collectAnomalyState(view, writer.emit);
  return renderExposition('text', writer.families());
}

const linesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

test('every metric of the detectors', () => {
  expectGolden('prediction/anomaly.prom', collected({ maxSeries: 1000, drawn: ['gpu_power'] }));
});

test('the entity that deviates is shown first, entities are whole or left out, and what is left out is counted', () => {
  const text = collected({ maxSeries: 12, drawn: [] });
  const all = linesOf(collected({ maxSeries: 1000, drawn: [] }), 'prediction_anomaly_score');
  const shown = linesOf(text, 'prediction_anomaly_score');
  expect(shown[0]).toContain('uuid="GPU-5"');
  expect(shown.length).toBeLessThanOrEqual(12);
  for (const line of shown) expect(all).toContain(line);
  const counted = linesOf(text, 'prediction_dropped_series').find((line) => line.includes('prediction_anomaly_score'));
  expect(Number(counted?.split(' ').at(-1))).toBe(all.length - shown.length);
});

test('one that is unlike before is shown first too, where there are no peers', () => {
  const engine = createAnomalyEngine(settings, signals);
  const noise = noiseOf(2);
  const members = [gpu(0), gpu(1), gpu(2)];
  for (let step = 0; step < steps; step++) {
    const values = members.map((_, at) => 60 + noise() + (at === 2 && step === steps - 1 ? 40 : 0));
    engine.step(start + step * 900_000, [{ signal: 'gpu_temperature', members, values }]);
  }
  const [first] = linesOf(collected({ maxSeries: 3, drawn: [] }, engine), 'prediction_anomaly_score');
  expect(first).toContain('uuid="GPU-2"');
});

test('what is not warm has no score, and no band', () => {
  const text = collected({ maxSeries: 1000, drawn: ['gpu_temperature'] });
  const fresh = linesOf(text, 'prediction_anomaly_score').filter((line) => line.includes('uuid="GPU-6"'));
  // Its peers are known at once; its own past is not.
  expect(fresh.map((line) => /detector="(\w+)"/.exec(line)?.[1])).toEqual(['peers']);
  expect(linesOf(text, 'prediction_anomaly_band').some((line) => line.includes('GPU-6'))).toBe(false);
  expect(linesOf(text, 'prediction_anomaly_warm_ratio')).toContainEqual(
    expect.stringMatching(/signal="gpu_temperature"\} 0\.857/),
  );
});

test('before the first step there is no time and no score', () => {
  const text = collected({ maxSeries: 10, drawn: [] }, createAnomalyEngine(settings, signals));
  expect(linesOf(text, 'prediction_anomaly_last_step_timestamp_seconds')).toEqual([]);
  expect(linesOf(text, 'prediction_anomaly_score')).toEqual([]);
  expect(linesOf(text, 'prediction_anomaly_entities')).toEqual(['prediction_anomaly_entities{kind="gpu"} 0']);
});
