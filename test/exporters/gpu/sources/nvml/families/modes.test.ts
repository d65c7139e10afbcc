import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test('reads the modes of a GPU', () => {
  const { session, calls } = openFakeSession([
    'count=1',
    'all.compute_mode=3',
    'all.persistence=0',
    'ecc=off',
    'all.ecc_pending=1',
  ]);
  const [gpu] = session.collect().gpus;
  expect(gpu?.modes).toEqual({ compute: 'exclusive_process', persistence: false, ecc: false, eccPending: true });
  expect(calls.has('nvmlDeviceGetEccMode')).toBe(false);
});

test('the function stands in for the ECC fields', () => {
  const lines = ['count=1', 'all.ecc_pending=0', 'unsupported=ecc_mode_fields'] as const;
  expect(openFakeSession(lines).session.collect().gpus[0]?.modes).toMatchObject({ ecc: true, eccPending: false });
});

test('a board without ECC has no ECC mode', () => {
  const lines = ['count=1', 'unsupported=ecc_mode', 'unsupported=ecc_mode_fields'] as const;
  const [gpu] = openFakeSession(lines).session.collect().gpus;
  expect(gpu?.modes).toEqual({ compute: 'default', persistence: true });
  expect(gpu?.errors).toEqual({});
});

test('a compute mode that has no name is not known', () => {
  const { session } = openFakeSession(['count=1', 'all.compute_mode=9']);
  expect(session.collect().gpus[0]?.modes?.compute).toBeUndefined();
});

test('a GPU that tells none of its modes has no such family', () => {
  const lines = ['count=1', 'unsupported=modes', 'unsupported=ecc_mode', 'unsupported=ecc_mode_fields'] as const;
  expect(openFakeSession(lines).session.collect().gpus[0]?.modes).toBeUndefined();
});
