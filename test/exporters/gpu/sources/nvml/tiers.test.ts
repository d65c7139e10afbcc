import { closeFakeSessions, openFakeSession, removeFakeState } from './fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const fast = { tiers: ['fast'], skip: [] } as const;

test('a fast collection reads the fields of a GPU in one call', () => {
  const { session, calls } = openFakeSession(['count=3']);
  session.collect();
  const before = calls.get('nvmlDeviceGetFieldValues') ?? 0;
  session.collect(fast);
  session.collect(fast);
  expect((calls.get('nvmlDeviceGetFieldValues') ?? 0) - before).toBe(6);
});

test('a fast collection makes no call of a slower family', () => {
  const { session, calls } = openFakeSession(['count=1', 'unsupported=row_fields', 'unsupported=ecc_mode_fields']);
  session.collect();
  const before = new Map(calls);
  const { costs } = session.collect(fast);

  const slow = [
    'nvmlDeviceGetFanSpeed',
    'nvmlDeviceGetCurrPcieLinkWidth',
    'nvmlDeviceGetNvLinkErrorCounter',
    'nvmlDeviceGetRemappedRows',
    'nvmlDeviceGetRowRemapperHistogram',
    'nvmlDeviceGetComputeMode',
    'nvmlDeviceGetEccMode',
  ];
  for (const symbol of slow) expect([symbol, before.has(symbol)]).toEqual([symbol, true]);
  expect(slow.filter((symbol) => calls.get(symbol) !== before.get(symbol))).toEqual([]);
  const families = ['nvlink', 'rows', 'pages', 'recovery', 'modes', 'vgpu', 'ecc', 'fan', 'pcie', 'processes'];
  expect(Object.keys(costs).filter((name) => families.includes(name))).toEqual([]);
  expect(costs['fields_fast']?.calls).toBe(1);
  expect(costs['fields_slow']).toBeUndefined();
});

test('what a slow tier read stays shown in between', () => {
  const { session, setState } = openFakeSession(['count=1', 'all.recovery_action=2']);
  session.collect();
  setState(['count=1', 'all.recovery_action=0', 'all.encoder=40']);
  const [gpu] = session.collect(fast).gpus;
  expect(gpu).toMatchObject({ recovery: { action: 'node_reboot' }, engines: { encoderRatio: 0.4 } });
});
