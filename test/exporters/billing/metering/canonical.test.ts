import {
  canonicalUsages,
  hashOfUsages,
  keyOfUsage,
  mergeUsages,
} from '../../../../exporters/billing/metering/canonical.ts';
import type { Usage } from '../../../../exporters/billing/usage.ts';

const usage = (changes: Partial<Usage> = {}): Usage => ({
  meter: 'gpu_time',
  cluster: 'c1',
  node: 'n1',
  resource: 'GPU-1',
  sku: 'H100',
  state: 'used',
  reason: '',
  holder: { namespace: 'a', pod: 'p' },
  share: { num: 1, den: 4 },
  quantity: 5n,
  ...changes,
});

test('usages of one key are added up, those of quantity 0 left out, all sorted', () => {
  const merged = mergeUsages([
    usage({ resource: 'GPU-2' }),
    usage(),
    usage({ holder: { pod: 'p', namespace: 'a', container: '' }, quantity: 7n }),
    usage({ resource: 'GPU-0', quantity: 3n }),
    usage({ resource: 'GPU-0', quantity: -3n }),
  ]);
  expect(merged.map(({ resource, quantity }) => [resource, quantity])).toEqual([
    ['GPU-1', 12n],
    ['GPU-2', 5n],
  ]);
});

test('every part of the key counts', () => {
  const others: Partial<Usage>[] = [
    { meter: 'x' },
    { cluster: 'x' },
    { node: 'x' },
    { resource: 'x' },
    { sku: 'x' },
    { state: 'system' },
    { reason: 'x' },
    { holder: { namespace: 'a', pod: 'q' } },
    { share: { num: 1, den: 5 } },
    { share: { num: 2, den: 4 } },
  ];
  expect(new Set([{}, ...others].map((changes) => keyOfUsage(usage(changes)))).size).toBe(11);
});

test('the canonical form is a line for each key', () => {
  expect(canonicalUsages([usage({ quantity: 2n ** 70n })])).toBe(
    '["gpu_time","c1","n1","GPU-1","H100","used","",[["namespace","a"],["pod","p"]],1,4] 1180591620717411303424\n',
  );
  expect(canonicalUsages([])).toBe('');
});

test('the hash is of the canonical form, in any order, and changes with a quantity', () => {
  const two = [usage(), usage({ resource: 'GPU-2' })];
  expect(hashOfUsages([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(hashOfUsages(two.toReversed())).toBe(hashOfUsages(two));
  expect(hashOfUsages([usage(), usage({ resource: 'GPU-2', quantity: 6n })])).not.toBe(hashOfUsages(two));
});
