import fc from 'fast-check';
import { newCells } from '../../../../exporters/prediction/anomaly/cells.ts';
import { createTailRatio, type Floor } from '../../../../exporters/prediction/anomaly/tail-ratio.ts';
import { codedFloorError, codedTailError } from '../../../../exporters/prediction/anomaly/windows/coded-tail.ts';
import { closeTo, isThere, meanAndDeviation, noiseOf, quantileOf, randomOf } from './generated.ts';

/** The quantile is at least 1.5 where it divides. */
const coded = 1.01 * (codedTailError + codedFloorError / 1.5);
const small = { window: 40, minimum: 8, tailMinimum: 12 };
const none: Floor = { absolute: 0, relative: 0 };
const tiny: Floor = { absolute: 0.01, relative: 0 };

type Rows = readonly (readonly number[])[];

interface Scored {
  readonly joint: readonly number[];
  readonly each: Rows;
}

function scored(rows: Rows, floors: readonly Floor[], settings = small): Scored {
  const tail = createTailRatio({ floors, ...settings });
  const { cells } = newCells(tail.counts);
  const values = new Float64Array(floors.length);
  const ratios = new Float64Array(floors.length);
  const each: number[][] = [];
  const joint = rows.map((row) => {
    values.set(row);
    const ratio = tail.step(cells, values, 0, ratios);
    each.push([...ratios]);
    return ratio;
  });
  return { joint, each };
}

/** Section 8 word by word, from all that came before, in double precision. */
function bruteForce(rows: Rows, floors: readonly Floor[], { window, minimum, tailMinimum }: typeof small): Scored {
  const metrics = floors.length;
  const column = (metric: number): readonly number[] => rows.map((row) => row[metric] as number);
  const changes = Array.from({ length: metrics }, (_, metric) =>
    column(metric).map((value, at, all) => {
      const before = [1, 2, 3].map((back) => all[at - back] ?? Number.NaN).find(isThere);
      return before === undefined ? Number.NaN : value - before;
    }),
  );
  const distances: number[][] = [];
  const sums: number[] = [];
  const joint: number[] = [];
  const each: number[][] = [];
  rows.forEach((row, at) => {
    const from = Math.max(0, at - window);
    const now = row.map((value, metric) => {
      const level = column(metric).slice(from, at).filter(isThere);
      const change = (changes[metric] ?? []).slice(from, at).filter(isThere);
      if (!isThere(value) || level.length < minimum) return Number.NaN;
      const { mean, deviation } = meanAndDeviation(level);
      const { absolute, relative } = floors[metric] ?? none;
      const floor = Math.max(absolute, relative * Math.abs(mean));
      const ofLevel = share(value - mean, Math.max(deviation, floor));
      const changed = changes[metric]?.[at] ?? Number.NaN;
      if (!isThere(changed) || change.length < minimum) return ofLevel;
      return Math.max(ofLevel, share(changed, Math.max(meanAndDeviation(change).deviation, floor)));
    });
    const known = now
      .filter(isThere)
      .sort((a, b) => b - a)
      .slice(0, 3);
    const sum = known.reduce((total, distance) => total + distance, 0) / known.length;
    const over = (distance: number, past: readonly number[]): number =>
      past.length < tailMinimum ? Number.NaN : distance / Math.max(1.5, quantileOf(past, 0.995));
    each.push(
      now.map((distance, metric) =>
        over(
          distance,
          distances
            .slice(from)
            .map((all) => all[metric] as number)
            .filter(isThere),
        ),
      ),
    );
    joint.push(over(sum, sums.slice(from).filter(isThere)));
    distances.push(now);
    sums.push(sum);
  });
  return { joint, each };
}

function share(distance: number, deviation: number): number {
  return distance === 0 ? 0 : Math.min(50, Math.abs(distance) / deviation);
}

function randomRows(length: number, metrics: number, seed: number, offset = 0): Rows {
  const noise = noiseOf(seed);
  const random = randomOf(seed + 7);
  return Array.from({ length }, () =>
    Array.from({ length: metrics }, () => {
      const kind = random();
      if (kind < 0.06) return Number.NaN;
      return offset + (kind < 0.1 ? 12 : 1) * noise();
    }),
  );
}

function differing(actual: readonly number[], expected: readonly number[]): readonly number[] {
  return [...actual.keys()].filter((at) => !closeTo(actual[at] as number, expected[at] as number, coded));
}

test('streaming gives what the formula gives from all that came before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 5 }), (seed, metrics) => {
      const rows = randomRows(130, metrics, seed);
      const floors = Array.from({ length: metrics }, () => tiny);
      const [streaming, batch] = [scored(rows, floors), bruteForce(rows, floors, small)];
      expect(batch.joint.filter(isThere).length).toBeGreaterThan(60);
      expect(differing(streaming.joint, batch.joint)).toEqual([]);
      expect(differing(streaming.each.flat(), batch.each.flat())).toEqual([]);
    }),
    { numRuns: 12, seed: 4 },
  );
});

test('relative floors are of the mean', () => {
  const rows = randomRows(120, 2, 5, 1000);
  const floors = [{ absolute: 0, relative: 0.01 }, tiny];
  const [streaming, batch] = [scored(rows, floors), bruteForce(rows, floors, small)];
  expect(differing(streaming.joint, batch.joint)).toEqual([]);
});

test('scale and shift of a metric change nothing, if its floor is scaled too', () => {
  const rows = randomRows(150, 3, 6);
  const plain = scored(rows, [tiny, tiny, tiny]).joint;
  for (const { scale, shift } of [
    { scale: 1024, shift: 0 },
    { scale: -1, shift: 0 },
    { scale: 1, shift: 1e12 },
    { scale: 2 ** -20, shift: 0 },
  ]) {
    const moved = scored(
      rows.map((row) => row.map((value) => value * scale + shift)),
      [1, 2, 3].map(() => ({ absolute: 0.01 * Math.abs(scale), relative: 0 })),
    ).joint;
    // Adding 1e12 rounds the readings themselves to 1e-4, which codes may pass on.
    moved.forEach((ratio, at) => {
      expect(closeTo(ratio, plain[at] as number, 2 * coded)).toBe(true);
    });
  }
});

test('a later sample changes no earlier score', () => {
  const rows = randomRows(140, 2, 8);
  const whole = scored(rows, [tiny, tiny]).joint;
  for (const length of [30, 77, 139])
    expect(scored(rows.slice(0, length), [tiny, tiny]).joint).toEqual(whole.slice(0, length));
});

test('there is no score until warm, and never 0 in place of it', () => {
  const { joint } = scored(
    randomRows(60, 1, 9).map(() => [Math.PI]),
    [tiny],
  );
  expect(joint.slice(0, small.minimum + small.tailMinimum)).toEqual(Array(20).fill(Number.NaN));
  expect(joint.slice(20)).toEqual(Array(40).fill(0));
});

test('a constant series scores 0, and at the first change without a floor the most there is', () => {
  const rows = [...Array.from({ length: 60 }, () => [1e12 + 0.5]), [1e12 + 1.5]];
  const { joint } = scored(rows, [none]);
  expect(joint.at(-2)).toBe(0);
  expect(joint.at(-1)).toBeCloseTo(50 / 1.5, 6);
});

test('readings that single precision cannot hold are at the cap and spoil nothing', () => {
  const noise = noiseOf(10);
  const quiet = Array.from({ length: 100 }, () => [noise()]);
  const { joint } = scored([...quiet, [1e140], ...quiet], [tiny]);
  expect(joint[100]).toBeGreaterThan(10);
  expect(joint.slice(104).every((ratio) => Number.isFinite(ratio) && ratio < 5)).toBe(true);
});

test('the mean is of the three largest of many', () => {
  const noise = noiseOf(11);
  const quiet = Array.from({ length: 80 }, () => Array.from({ length: 6 }, () => noise()));
  const burst = (count: number): readonly number[] =>
    Array.from({ length: 6 }, (_, metric) => (metric < count ? 9 : 0));
  const last = [1, 2, 3, 5].map(
    (count) => scored([...quiet, burst(count)], Array(6).fill(tiny)).joint.at(-1) as number,
  );
  expect((last[1] as number) / (last[0] as number)).toBeGreaterThan(1.4);
  expect((last[3] as number) / (last[2] as number)).toBeLessThan(1.35);
});

test('the band is mean and deviation of what came before', () => {
  const rows = randomRows(90, 2, 12, 1e12);
  const tail = createTailRatio({ floors: [tiny, tiny], ...small });
  const { cells } = newCells(tail.counts);
  const band = new Float64Array(2);
  for (const row of rows) tail.step(cells, Float64Array.from(row), 0, new Float64Array(2));
  tail.band(cells, 1, band);
  const { mean, deviation } = meanAndDeviation(
    rows
      .slice(-40)
      .map((row) => row[1] as number)
      .filter(isThere),
  );
  expect(Math.abs((band[0] as number) - mean)).toBeLessThan(1e-3);
  expect(closeTo(band[1] as number, deviation, 1e-4)).toBe(true);
});
