import { everyBoardQuery } from '../support/board-queries.ts';
import { isRightlyEmpty, needlessExcuses } from '../support/rightly-empty.ts';

const asked = everyBoardQuery({ range: '5m', rateInterval: '1m' });

test('every query is listed as Prometheus can take it', () => {
  expect(asked.length).toBeGreaterThan(500);
  expect(asked.filter(({ expr }) => expr.includes('$'))).toEqual([]);
  expect(asked.filter(({ expr }) => /=~"\.\*"/.test(expr)).length).toBeGreaterThan(asked.length / 2);
});

test('panels that may be empty on the simulated fleet are there, and few', () => {
  expect(needlessExcuses(asked)).toEqual([]);
  expect(asked.filter(isRightlyEmpty).length).toBeLessThan(asked.length * 0.3);
});
