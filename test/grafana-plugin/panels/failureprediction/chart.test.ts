import {
  historyOf,
  piecesOf,
  pointNear,
} from '../../../../grafana-plugin/src/panels/failureprediction/chart/history-of';
import {
  heightOf,
  logScale,
  probabilityTicks,
} from '../../../../grafana-plugin/src/panels/failureprediction/chart/probability-scale';
import { timeTicks } from '../../../../grafana-plugin/src/panels/failureprediction/chart/time-scale';
import { readingsOf } from '../../../../grafana-plugin/src/panels/failureprediction/frames/readings-of';
import prior from '../../../fixtures/grafana-plugin/prediction/prior/prometheus.json';
import { framesOf, probability, seriesFrame } from './frames';

test('a recorded answer over time gives a line for each horizon', () => {
  const readings = readingsOf(framesOf({ history: prior.history }));
  const { lines, gapMs } = historyOf(readings, 'simulated/GPU-951fd27e-7ca2-8042-456f-0efd2bc8847a');
  expect(lines.map(({ horizon, points }) => [horizon, points.length]).sort()).toEqual([
    ['24h', 6],
    ['30d', 6],
    ['7d', 6],
  ]);
  expect(gapMs).toBe(45_000);
  expect(historyOf(readings, 'simulated/GPU-2').lines).toEqual([]);
});

test('a line is broken where points are missing, and what is no probability is no point', () => {
  const values = [
    [0, 0.1],
    [60, 0.2],
    [120, 7],
    [180, 0.3],
    [900, 0.4],
  ] as const;
  const frame = seriesFrame('A', { metric: probability('GPU-1', 0).metric, values });
  const { lines, gapMs } = historyOf(readingsOf([frame]), 'c/GPU-1');
  const points = lines[0]?.points ?? [];
  expect(points.map(({ value }) => value)).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(piecesOf(points, gapMs).map((piece) => piece.length)).toEqual([3, 1]);
  expect(pointNear(points, 800_000)?.value).toBe(0.4);
  expect(pointNear([], 1)).toBeUndefined();
});

test('the axis holds all values and its ticks lie on it, from the lowest up', () => {
  const scale = logScale([0.0002, 0.12], 100, 0);
  expect(heightOf(scale, 0.0002)).toBeLessThanOrEqual(100);
  expect(heightOf(scale, 0.12)).toBeGreaterThanOrEqual(0);
  expect(heightOf(scale, 0)).toBe(100);
  expect(probabilityTicks(scale, 4)).toEqual([0.0001, 0.001, 0.01, 0.1]);
  expect(probabilityTicks(logScale([0.02, 0.03], 100, 0), 6)).toEqual([0.01, 0.02]);
  expect(logScale([], 100, 0).highest).toBeLessThanOrEqual(1);
});

test('ticks of time are round and not too many', () => {
  const day = 86_400_000;
  expect(timeTicks(day / 2, 3.5 * day, 4)).toEqual([day, 2 * day, 3 * day]);
  expect(timeTicks(0, 400 * day, 5).length).toBeLessThanOrEqual(6);
});
