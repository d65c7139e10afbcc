import { conserve, uuidOf } from '../../../../exporters/billing/metering/conserve.ts';
import { type Share, type Usage, wholeShare } from '../../../../exporters/billing/usage.ts';

const row = (resource: string, quantity: bigint, share: Share = wholeShare, meter = 'gpu_time'): Usage => ({
  meter,
  cluster: 'c1',
  node: 'n1',
  resource,
  sku: 'H100',
  state: 'used',
  reason: '',
  holder: {},
  share,
  quantity,
});

const fine = { num: 0n, den: 1n };

test('rows of a GPU and of its instances add up to what is installed', () => {
  const usages = [
    row('GPU-1/1', 1000n, { num: 8, den: 15 }),
    row('GPU-1/2', 1000n, { num: 7, den: 15 }),
    row('GPU-2', 600n),
    row('GPU-2', 1600n, { num: 1, den: 4 }),
    row('GPU-2', 5n, wholeShare, 'gpu_energy'),
  ];
  const installed = new Map([
    ['GPU-1', 1000],
    ['GPU-2', 1000],
    ['GPU-3', 0],
  ]);
  expect(conserve(usages, installed)).toEqual({ devices: 2, installedMs: 2000, error: fine, worst: [] });
});

test('too much and too little do not cancel out, and the worst comes first', () => {
  const usages = [row('GPU-1', 1001n), row('GPU-2', 998n), row('GPU-4', 5n, { num: 1, den: 3 })];
  const installed = new Map([
    ['GPU-1', 1000],
    ['GPU-2', 1000],
    ['GPU-3', 7],
  ]);
  expect(conserve(usages, installed)).toEqual({
    devices: 3,
    installedMs: 2007,
    error: { num: 35n, den: 3n },
    worst: [
      { resource: 'GPU-3', error: { num: 7n, den: 1n } },
      { resource: 'GPU-2', error: { num: 2n, den: 1n } },
      { resource: 'GPU-4', error: { num: 5n, den: 3n } },
      { resource: 'GPU-1', error: { num: 1n, den: 1n } },
    ],
  });
});

test('20 are shown at most, all are counted', () => {
  const installed = new Map(Array.from({ length: 30 }, (_, at) => [`GPU-${at}`, 1 + at]));
  const { worst, error } = conserve([], installed);
  expect(worst).toHaveLength(20);
  expect(worst[0]).toEqual({ resource: 'GPU-29', error: { num: 30n, den: 1n } });
  expect(error).toEqual({ num: 465n, den: 1n });
});

test('the UUID is what stands before the number of the instance', () => {
  expect([uuidOf('GPU-1'), uuidOf('GPU-1/13')]).toEqual(['GPU-1', 'GPU-1']);
});
