import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test('times are seconds, by reason, made of nanoseconds in the order of the field ids', () => {
  const { session } = openFakeSession([
    'count=1',
    'all.throttle_power_ns=1500000000',
    'all.throttle_thermal_ns=2000000000',
    'all.throttle_sync_boost_ns=3000000000',
    'all.throttle_board_limit_ns=4000000000',
    'all.throttle_low_util_ns=5000000000',
    'all.throttle_reliability_ns=6000000000',
  ]);
  expect(session.collect().gpus[0]?.throttle).toEqual({
    power: 1.5,
    thermal: 2,
    sync_boost: 3,
    board_limit: 4,
    low_util: 5,
    reliability: 6,
  });
});

test('a reason that was turned down is missing, a reason that failed is an error', () => {
  const { session } = openFakeSession(['count=1', 'gpu.0.field.76=3', 'gpu.0.field.79=10']);
  const [gpu] = session.collect().gpus;
  expect(gpu?.throttle).toEqual({ power: 12.5, thermal: 0, board_limit: 0, low_util: 0 });
  expect(gpu?.errors).toEqual({ throttle: 'timeout' });
});

test('a GPU without the counters has no such family', () => {
  const [gpu] = openFakeSession(['count=1', 'unsupported=throttle']).session.collect().gpus;
  expect(gpu?.throttle).toBeUndefined();
  expect(gpu?.errors).toEqual({});
});
