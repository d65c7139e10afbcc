import { createLossHealth, reportLoss } from '../../../../exporters/training/runs/loss-health.ts';

/** Losses around 2 with a MAD of 0.1. */
function usual(index: number): number {
  return 2 + ([0, 0.1, -0.1, 0.2, -0.2][index % 5] ?? 0);
}

function healthAfter(count: number) {
  const health = createLossHealth();
  for (let index = 0; index < count; index++) reportLoss(health, usual(index));
  return health;
}

test('a loss above median + 6 MAD and above 1.1 times the median counts', () => {
  const health = healthAfter(128);
  reportLoss(health, 2.61);
  expect(health.spikesByMad).toBe(1);
  reportLoss(health, 2.59);
  expect(health.spikesByMad).toBe(1);
});

test('a flat curve has no MAD, and then a tenth is what counts', () => {
  const health = createLossHealth();
  for (let index = 0; index < 64; index++) reportLoss(health, 1);
  reportLoss(health, 1.09);
  expect(health.spikesByMad).toBe(0);
  reportLoss(health, 1.11);
  expect(health.spikesByMad).toBe(1);
});

test('a tenth above what is usual, whatever that is', () => {
  const health = createLossHealth();
  for (let index = 0; index < 64; index++) reportLoss(health, 4);
  reportLoss(health, 4.39);
  expect(health.spikesByMad).toBe(0);
  reportLoss(health, 4.41);
  expect(health.spikesByMad).toBe(1);
});

test('before there is anything usual nothing stands out', () => {
  const health = healthAfter(31);
  reportLoss(health, 50);
  expect(health.spikesByMad).toBe(0);
});

test('ten times the largest of the first hundred counts by the other rule', () => {
  const health = healthAfter(100);
  reportLoss(health, 21.9);
  expect(health.spikesByMax).toBe(0);
  reportLoss(health, -22);
  expect(health.spikesByMax).toBe(1);
});

test('the first hundred are what later ones are compared with, large as they are', () => {
  const health = createLossHealth();
  reportLoss(health, 12);
  for (let index = 1; index < 98; index++) reportLoss(health, usual(index));
  reportLoss(health, 120);
  expect(health.initialMax).toBe(120);
  reportLoss(health, 119);
  expect(health.spikesByMax).toBe(0);
  reportLoss(health, 119);
  expect(health.spikesByMax).toBe(0);
  reportLoss(health, 1200);
  expect(health.spikesByMax).toBe(1);
});
