import { createRunningTotals } from '../../../../../exporters/training/decoders/push/running-totals.ts';

test('the run that was silent for longest is forgotten when there are too many', () => {
  const totals = createRunningTotals({ most: 2 });
  totals.of('a').tokens = 1;
  totals.of('b').tokens = 2;
  totals.of('a');
  totals.of('c').tokens = 3;
  expect(totals.of('a').tokens).toBe(1);
  expect(totals.of('b').tokens).toBe(0);
});
