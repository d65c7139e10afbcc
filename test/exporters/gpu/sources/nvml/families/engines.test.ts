import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test('each engine has the share of its own function', () => {
  const { session } = openFakeSession(['count=1', 'all.encoder=10', 'all.decoder=25', 'all.jpeg=50', 'all.ofa=100']);
  expect(session.collect().gpus[0]?.engines).toEqual({
    encoderRatio: 0.1,
    decoderRatio: 0.25,
    jpegRatio: 0.5,
    ofaRatio: 1,
  });
});

test('functions that the library lacks cost only their own values and are not called again', () => {
  const { session, calls } = openFakeSession([
    'count=1',
    'error.nvmlDeviceGetJpgUtilization=13',
    'error.nvmlDeviceGetOfaUtilization=13',
  ]);
  session.collect();
  const [gpu] = session.collect().gpus;
  expect(gpu?.engines).toEqual({ encoderRatio: 0, decoderRatio: 0 });
  expect(gpu?.errors).toEqual({});
  expect(calls.get('nvmlDeviceGetJpgUtilization')).toBe(1);
  expect(calls.get('nvmlDeviceGetEncoderUtilization')).toBe(2);
});

test('a GPU without these engines has no such family', () => {
  const [gpu] = openFakeSession(['count=1', 'unsupported=engines']).session.collect().gpus;
  expect(gpu?.engines).toBeUndefined();
});
