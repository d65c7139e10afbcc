import fc from 'fast-check';
import type { Facts } from '../../../../exporters/billing/sources/facts.ts';
import { stretchesOf } from '../../../../exporters/billing/sources/facts.ts';
import { accrualOfSpans, cutAccrual, splitByFacts } from '../../../../exporters/billing/sources/pieces.ts';

const sum = ({ amounts }: { readonly amounts: Float64Array }): number =>
  amounts.reduce((total, amount) => total + amount, 0);

const accrual = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 1_000_000 })),
    { maxLength: 6 },
  )
  .map((parts) => {
    let at = 0;
    const pieces = parts.map(([pause, length, amount]) => {
      const from = at + pause;
      at = from + length;
      return { from, to: at, amount };
    });
    return {
      fromMs: Float64Array.from(pieces, ({ from }) => from),
      toMs: Float64Array.from(pieces, ({ to }) => to),
      amounts: Float64Array.from(pieces, ({ amount }) => amount),
    };
  });

test('cut anywhere, the parts add up to the whole', () => {
  fc.assert(
    fc.property(accrual, fc.array(fc.integer({ min: -5, max: 700 }), { maxLength: 5 }), (whole, moments) => {
      const cuts = [Number.NEGATIVE_INFINITY, ...moments.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY];
      const parts = cuts.slice(1).map((end, index) => cutAccrual(whole, cuts[index] ?? 0, end));
      expect(parts.reduce((total, part) => total + sum(part), 0)).toBe(sum(whole));
      for (const part of parts)
        for (const amount of part.amounts) expect(Number.isInteger(amount) && amount >= 0).toBe(true);
    }),
  );
});

test('of time it is the time', () => {
  const whole = accrualOfSpans([
    { startMs: 10, endMs: 20 },
    { startMs: 30, endMs: 50 },
  ]);
  expect(sum(whole)).toBe(30);
  expect(sum(cutAccrual(whole, 15, 40))).toBe(15);
});

test('products of large amounts and times are exact', () => {
  const whole = { fromMs: Float64Array.of(0), toMs: Float64Array.of(3_600_001), amounts: Float64Array.of(9e15 - 1) };
  const part = (9_000_000_000_000_000n - 1n) * 1_234_567n;
  expect(sum(cutAccrual(whole, 0, 1_234_567))).toBe(Number(part / 3_600_001n));
});

const said = (values: Readonly<Record<string, string>>, ...spans: readonly (readonly [number, number])[]) => ({
  values,
  spans: spans.map(([startMs, endMs]) => ({ startMs, endMs })),
});

describe('facts over time', () => {
  const hold = 10;

  test('a pod whose name is used again is another one from the middle of the silence, so that neither is wronged more', () => {
    expect(stretchesOf([said({ uid: 'b' }, [200, 300]), said({ uid: 'a' }, [0, 110])], hold)).toEqual([
      { fromMs: Number.NEGATIVE_INFINITY, values: { uid: 'a' } },
      { fromMs: 151, values: { uid: 'b' } },
    ]);
  });

  test('one that is said right after the other is so from its first sample', () => {
    expect(stretchesOf([said({ uid: 'a' }, [0, 110]), said({ uid: 'b' }, [101, 300])], hold)).toEqual([
      { fromMs: Number.NEGATIVE_INFINITY, values: { uid: 'a' } },
      { fromMs: 101, values: { uid: 'b' } },
    ]);
  });

  test('a value that comes back', () => {
    const stretches = stretchesOf([said({ team: 'a' }, [0, 110], [300, 400]), said({ team: 'b' }, [115, 290])], hold);
    expect(stretches.map(({ fromMs, values }) => [fromMs, values['team']])).toEqual([
      [Number.NEGATIVE_INFINITY, 'a'],
      [108, 'b'],
      [291, 'a'],
    ]);
  });

  test('two things at once are nothing', () => {
    const stretches = stretchesOf([said({ pod: 'a' }, [0, 210]), said({ pod: 'b' }, [100, 310])], hold);
    expect(stretches.map(({ fromMs, values }) => [fromMs, values])).toEqual([
      [Number.NEGATIVE_INFINITY, { pod: 'a' }],
      [100, {}],
      [201, { pod: 'b' }],
    ]);
  });
});

describe('labels by facts', () => {
  const facts = (of: Facts['of']): Facts => ({ join: { series: 'x', on: {}, take: {} }, of });

  test('one after the other, each in its time; what is known already stays', () => {
    const uid = facts(({ pod }) =>
      pod === 'p'
        ? [
            { fromMs: Number.NEGATIVE_INFINITY, values: { uid: '1', team: 'late' } },
            { fromMs: 50, values: { uid: '2' } },
          ]
        : [],
    );
    const team = facts(({ uid: of }) =>
      of === '2' ? [{ fromMs: Number.NEGATIVE_INFINITY, values: { team: 'blue' } }] : [],
    );
    expect(splitByFacts({ pod: 'p', team: '' }, [uid, team])).toEqual([
      { startMs: Number.NEGATIVE_INFINITY, endMs: 50, labels: { pod: 'p', uid: '1', team: 'late' } },
      { startMs: 50, endMs: Number.POSITIVE_INFINITY, labels: { pod: 'p', uid: '2', team: 'blue' } },
    ]);
  });

  test('without facts all stays as it is', () => {
    expect(splitByFacts({ pod: 'q' }, [facts(() => [])])).toEqual([
      { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY, labels: { pod: 'q' } },
    ]);
  });
});
