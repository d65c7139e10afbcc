import { createWrappingCounter } from '../../../../../../exporters/gpu/sources/nvml/families/wrapping-counter.ts';

function follow(raws: readonly (number | undefined)[]): (number | undefined)[] {
  return raws.map(createWrappingCounter(100));
}

test('starts with 0 whatever it reads, and goes on when the counter starts again', () => {
  expect(follow([90, 95, 5, 6, 99, 0])).toEqual([0, 5, 15, 16, 109, 110]);
});

test('a reading that failed is missing and made up for', () => {
  expect(follow([90, undefined, 10])).toEqual([0, undefined, 20]);
});

test('a counter that went beyond the modulus and is set to 0 adds what it counted since', () => {
  expect(follow([500, 600, 20])).toEqual([0, 100, 120]);
});
