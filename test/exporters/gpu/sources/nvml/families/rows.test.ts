import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const lines = [
  'count=1',
  'all.rows_correctable=3',
  'all.rows_uncorrectable=2',
  'all.rows_pending=1',
  'all.rows_failure=0',
  'all.banks_max=2500',
  'all.banks_high=50',
  'all.banks_partial=7',
  'all.banks_low=2',
  'all.banks_none=1',
] as const;
const banks = { max: 2500, high: 50, partial: 7, low: 2, none: 1 };

test('reads the counts from fields and the banks from their histogram', () => {
  const { session, calls } = openFakeSession(lines);
  const [gpu] = session.collect().gpus;
  expect(gpu?.rows).toEqual({ correctable: 3, uncorrectable: 2, pending: true, failure: false, banks });
  expect(gpu?.errors).toEqual({});
  expect(calls.has('nvmlDeviceGetRemappedRows')).toBe(false);
});

test('the function stands in for fields that the driver lacks', () => {
  const [gpu] = openFakeSession([...lines, 'unsupported=row_fields']).session.collect().gpus;
  expect(gpu?.rows).toEqual({ correctable: 3, uncorrectable: 2, pending: true, failure: false, banks });
});

test('without a histogram the counts stay', () => {
  const [gpu] = openFakeSession([...lines, 'error.nvmlDeviceGetRowRemapperHistogram=13']).session.collect().gpus;
  expect(gpu?.rows).toEqual({ correctable: 3, uncorrectable: 2, pending: true, failure: false });
  expect(gpu?.errors).toEqual({});
});

test('a GPU that does not remap rows has no such family', () => {
  const [gpu] = openFakeSession(['count=1', 'unsupported=row_fields', 'unsupported=rows']).session.collect().gpus;
  expect(gpu?.rows).toBeUndefined();
  expect(gpu?.errors).toEqual({});
});
