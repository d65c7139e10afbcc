import { eventScore } from './event-score.ts';
import { nabScore, nabStandard, probationOf } from './nab-score.ts';

const rows = 2000;
const windows = [
  [500, 599],
  [1200, 1299],
] as const;

function nab(flags: Readonly<Record<number, number>>) {
  const scores = new Float64Array(rows);
  for (const [row, score] of Object.entries(flags)) scores[Number(row)] = score;
  return nabScore([{ scores, windows }], nabStandard);
}

/** Of a detection so many rows before the end of its window of 100, as a share of the best there is. */
const worth = (left: number): number => (2 / (1 + Math.exp((-5 * left) / 100)) - 1) / (2 / (1 + Math.exp(-5)) - 1);

test('NAB: nothing found is 0, every window at its first row is 100', () => {
  expect(nab({}).score).toBe(0);
  expect(nab({ 500: 1, 1200: 1 })).toEqual({ score: 100, threshold: 1, windowsHit: 2, falseRows: 0 });
});

test('NAB: only the first detection of a window counts, and a late one counts less', () => {
  expect(nab({ 540: 1, 560: 1 }).score).toBeCloseTo((100 * (worth(60) + 1)) / 4, 9);
  expect(nab({ 599: 1 }).score).toBeCloseTo((100 * (worth(1) + 1)) / 4, 9);
});

test('NAB: a false row costs .11, less shortly after a window', () => {
  const found = 100 * 4;
  expect(nab({ 500: 1, 1200: 1, 400: 1 }).score).toBeCloseTo((found - 11) / 4, 9);
  const past = 2 / (1 + Math.exp((5 * 10) / 99)) - 1;
  expect(nab({ 500: 1, 1200: 1, 609: 1 }).score).toBeCloseTo((found + 11 * past) / 4, 9);
  expect(nab({ 500: 1, 1200: 1, 1900: 1 }).score).toBeCloseTo((found - 11) / 4, 9);
});

test('NAB: one threshold serves all, the best; rows of the probation do not count', () => {
  expect(probationOf(rows)).toBe(300);
  expect(probationOf(20_000)).toBe(750);
  expect(nab({ 500: 2, 1200: 2, 299: 9, 300: 1 })).toMatchObject({ score: 100, threshold: 2 });
  expect(nab({ 500: 2, 1200: 1, 400: 1.5 }).score).toBeCloseTo((400 - 11) / 4, 9);
});

const flags = (length: number, ...at: readonly number[]): readonly boolean[] =>
  Array.from({ length }, (_, point) => at.includes(point));

test('events: flagged points at most 30 apart are one episode, true if it touches a segment', () => {
  const isAnomaly = flags(576, 100, 101, 102, 400);
  const score = eventScore([{ isAnomaly, isFlagged: flags(576, 80, 110, 200, 500) }], 288);
  // Episodes 80 to 110 (true), 200 and 500; segments 100 to 102 (found) and 400.
  expect(score.precision).toBeCloseTo(1 / 3, 12);
  expect(score.recall).toBe(0.5);
  expect(score.f1).toBeCloseTo(0.4, 12);
  expect(score.falsePerDay).toBe(1);
});

test('events: means over entities, and nothing flagged is 0', () => {
  const isAnomaly = flags(288, 10);
  const score = eventScore(
    [
      { isAnomaly, isFlagged: flags(288, 10) },
      { isAnomaly, isFlagged: flags(288) },
    ],
    288,
  );
  expect(score).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, falsePerDay: 0 });
});
