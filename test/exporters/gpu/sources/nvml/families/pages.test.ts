import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test('reads the retired pages of a GPU that retires them', () => {
  const { session } = openFakeSession([
    'count=1',
    'all.pages_correctable=4',
    'all.pages_uncorrectable=5',
    'all.pages_pending=1',
  ]);
  expect(session.collect().gpus[0]?.pages).toEqual({ correctable: 4, uncorrectable: 5, pending: true });
});

test('none retired is a measured zero', () => {
  const { session } = openFakeSession([
    'count=1',
    'all.pages_correctable=0',
    'all.pages_uncorrectable=0',
    'all.pages_pending=0',
  ]);
  expect(session.collect().gpus[0]?.pages).toEqual({ correctable: 0, uncorrectable: 0, pending: false });
});

test('a GPU that remaps rows instead has no such family', () => {
  const [gpu] = openFakeSession(['count=1']).session.collect().gpus;
  expect(gpu?.pages).toBeUndefined();
  expect(gpu?.errors).toEqual({});
});
