import { shardsOf } from '../../../../../exporters/billing/sources/gpu/shards.ts';
import { keyOfTarget, type Scrapes, type TargetScrapes } from '../../../../../exporters/billing/sources/scrapes.ts';

const range = { startMs: 0, endMs: 3_600_000 };
const none = new Float64Array(0);

function target(instance: string, startMs = range.startMs): TargetScrapes {
  return {
    job: 'gpu',
    instance,
    attempts: { labels: {}, timesMs: none, values: none },
    okMs: none,
    intervalMs: 15_000,
    range: { startMs, endMs: range.endMs },
  };
}

function shards(targets: readonly TargetScrapes[], gpus: Readonly<Record<string, readonly string[]>>, size: number) {
  const scrapes: Scrapes = {
    targets: new Map(targets.map((each) => [keyOfTarget(each), each])),
    intervalMs: 15_000,
    range,
    dark: [],
    newestMs: range.endMs,
  };
  const gpusOf = new Map(Object.entries(gpus).map(([name, uuids]) => [`gpu\n${name}`, new Set(uuids)]));
  return shardsOf(scrapes, gpusOf, size).map(({ targets: keys, range: { startMs } }) => [
    keys.map((key) => key.replace('gpu\n', '')).join(' '),
    startMs,
  ]);
}

test('so many targets at once', () => {
  const targets = ['a', 'b', 'c', 'd', 'e'].map((name) => target(name));
  expect(shards(targets, {}, 2)).toEqual([
    ['a b', 0],
    ['c d', 0],
    ['e', 0],
  ]);
});

test('targets that tell of one GPU stay together, also by way of others, whatever the size', () => {
  const targets = ['a', 'b', 'c', 'd'].map((name) => target(name));
  expect(shards(targets, { a: ['1', '2'], b: ['3'], c: ['4', '2'], d: ['4'] }, 1)).toEqual([
    ['a c d', 0],
    ['b', 0],
  ]);
});

test('those with a gap at the edge are apart, with all that they are linked to', () => {
  const targets = [target('a'), target('b', -5000), target('c'), target('d')];
  expect(shards(targets, { a: ['1'], b: ['2'], c: ['2'], d: ['3'] }, 100)).toEqual([
    ['a d', 0],
    ['b c', -5000],
  ]);
});
