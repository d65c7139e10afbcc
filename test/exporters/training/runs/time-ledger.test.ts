import fc from 'fast-check';
import {
  addInterval,
  createTimeLedger,
  type Interval,
  type TimeLedger,
  wasteAbove,
} from '../../../../exporters/training/runs/time-ledger.ts';

const plain: Interval = {
  steps: 10,
  seconds: 10,
  endStep: 10,
  nativeStepSeconds: undefined,
  waitedSeconds: 0,
  disturbance: undefined,
};

function after(...intervals: readonly Partial<Interval>[]): TimeLedger {
  const ledger = createTimeLedger();
  for (const interval of intervals) addInterval(ledger, { ...plain, ...interval });
  return ledger;
}

const steady = Array.from({ length: 20 }, (_, index) => ({ endStep: 10 * (index + 1) }));

test('steps as long as usual are productive as a whole', () => {
  expect(after(...steady).productive).toBe(200);
});

test('of an interval with a checkpoint the usual time of its steps is productive', () => {
  const ledger = after(...steady, { seconds: 25, disturbance: 'checkpoint_save' });
  expect(ledger.productive).toBe(210);
  expect(ledger.badput.checkpoint_save).toBe(15);
});

test('a step that is far too long is put down to something else, and the noise of steps is not', () => {
  const ledger = after(...steady, { seconds: 14.9 }, { seconds: 100 });
  expect(ledger.productive).toBeCloseTo(224.9);
  expect(ledger.badput.other).toBe(90);
});

test('half as long again is too long where steps are all alike', () => {
  expect(after(...steady, { seconds: 15 }).badput.other).toBe(0);
  expect(after(...steady, { seconds: 15.5 }).badput.other).toBe(5.5);
});

test('the way to the first step is startup', () => {
  const ledger = after({ seconds: 300, disturbance: 'startup' }, ...steady);
  expect(ledger.badput.startup).toBe(300);
  expect(ledger.productive).toBe(200);
});

test('what the framework measured beats what lies between two reports', () => {
  const ledger = createTimeLedger();
  expect(addInterval(ledger, { ...plain, seconds: 30, nativeStepSeconds: 2 })).toBe(2);
  expect(ledger.productive).toBe(20);
  expect(ledger.badput.other).toBe(10);
});

test('waiting for data is not productive', () => {
  const ledger = after(...steady, { waitedSeconds: 4 });
  expect(ledger.productive).toBe(206);
  expect(ledger.badput.data_loading).toBe(4);
});

test('a rollback wastes what the lost steps cost', () => {
  const ledger = after(...steady);
  wasteAbove(ledger, 150);
  expect(ledger.badput.wasted_progress).toBe(50);
  expect(ledger.productive).toBe(200);
});

test('between two reports a rollback wastes its share, and a second one only what is new', () => {
  const ledger = after(...steady);
  wasteAbove(ledger, 195);
  expect(ledger.badput.wasted_progress).toBe(5);
  addInterval(ledger, { ...plain, steps: 5, seconds: 5, endStep: 200 });
  wasteAbove(ledger, 195);
  expect(ledger.badput.wasted_progress).toBeCloseTo(10);
});

test('every second is put down to something, once', () => {
  const reason = fc.constantFrom(undefined, 'startup', 'checkpoint_save', 'evaluation', 'recovery') as fc.Arbitrary<
    Interval['disturbance']
  >;
  const interval = fc.record({
    steps: fc.integer({ min: 1, max: 100 }),
    seconds: fc.double({ min: 0.001, max: 1e5, noNaN: true }),
    nativeStepSeconds: fc.option(fc.double({ min: 0.001, max: 1e4, noNaN: true }), { nil: undefined }),
    waitedSeconds: fc.double({ min: 0, max: 1e4, noNaN: true }),
    disturbance: reason,
  });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 60 }), (intervals) => {
      const ledger = after(...intervals.map((each, index) => ({ ...each, endStep: (index + 1) * 100 })));
      const wall = intervals.reduce((sum, { seconds }) => sum + seconds, 0);
      const badput = Object.values(ledger.badput).reduce((sum, seconds) => sum + seconds, 0);
      expect(ledger.productive + badput).toBeCloseTo(wall, 3);
      expect(Math.min(ledger.productive, ...Object.values(ledger.badput))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a rollback never wastes more than was productive', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 10 }), (steps) => {
      const ledger = after(...steady);
      for (const step of steps) wasteAbove(ledger, step);
      expect(ledger.badput.wasted_progress).toBeGreaterThanOrEqual(0);
      expect(ledger.badput.wasted_progress).toBeLessThanOrEqual(ledger.productive + 1e-6);
    }),
  );
});
