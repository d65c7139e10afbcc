import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test.each([
  [0, 'none'],
  [1, 'gpu_reset'],
  [4, 'drain_and_reset'],
  [7, 'system_reboot'],
  [8, 'unknown'],
  [99, 'unknown'],
] as const)('value %i is the action %s', (value, action) => {
  const { session } = openFakeSession(['count=1', `all.recovery_action=${value}`]);
  expect(session.collect().gpus[0]?.recovery).toEqual({ action });
});

test('a driver that does not tell leaves the action out', () => {
  const [gpu] = openFakeSession(['count=1', 'unsupported=recovery']).session.collect().gpus;
  expect(gpu?.recovery).toBeUndefined();
  expect(gpu?.errors).toEqual({});
});
