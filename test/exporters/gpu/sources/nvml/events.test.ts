import { closeFakeSessions, openFakeSession, removeFakeState } from './fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const uuid = (index: number) => `GPU-f1ee000${index}-fa4e-4e57-8000-00000000000${index}`;
const atSeconds = 1_700_000_000.5;

test('delivers each XID once, in order, with the GPU that it concerns', () => {
  const { session, setState, reports } = openFakeSession([]);
  expect(session.poll()).toEqual([]);
  setState(['xid=1:2:79', 'xid=2:5:31', 'xid=3:2:999']);
  expect(session.poll()).toEqual([
    { uuid: uuid(2), index: 2, xid: 79, atSeconds },
    { uuid: uuid(5), index: 5, xid: 31, atSeconds },
    { uuid: uuid(2), index: 2, xid: 999, atSeconds },
  ]);
  expect(session.poll()).toEqual([]);
  session.collect();
  expect(session.poll()).toEqual([]);
  expect(reports).toEqual([]);
});

test('an XID that concerns a MIG instance says which', () => {
  const { session, setState } = openFakeSession([]);
  setState(['xid=1:2:13:5', 'xid=2:2:79']);
  expect(session.poll().map(({ xid, gpuInstanceId }) => [xid, gpuInstanceId])).toEqual([
    [13, 5],
    [79, undefined],
  ]);
});

test('XIDs from before the start are not delivered', () => {
  const { session, setState } = openFakeSession(['xid=1:0:48']);
  setState(['xid=1:0:48', 'xid=2:0:63']);
  expect(session.poll().map(({ xid }) => xid)).toEqual([63]);
});

test('XIDs of skipped GPUs and of GPUs without XID events are not delivered, and cost the others nothing', () => {
  const { session, setState } = openFakeSession(['gpu.1.event_types=7'], { skip: [0] });
  setState(['gpu.1.event_types=7', 'xid=1:0:48', 'xid=2:1:48', 'xid=3:2:48']);
  expect(session.poll().map(({ index }) => index)).toEqual([2]);
});

test('a GPU that answers later is listened to from then on', () => {
  const { session, setState } = openFakeSession(['gpu.1=lost']);
  setState([]);
  session.collect();
  setState(['xid=1:1:94']);
  expect(session.poll()).toEqual([{ uuid: uuid(1), index: 1, xid: 94, atSeconds }]);
});

test('a set that answers only GPU_IS_LOST is replaced by one of the GPUs that still answer', () => {
  const { session, setState, calls } = openFakeSession(['count=2']);
  setState(['error.nvmlEventSetWait_v2=15', 'gpu.0=lost']);
  expect(session.poll()).toEqual([]);
  setState(['gpu.0=lost']);
  session.collect();
  setState(['gpu.0=lost', 'xid=1:1:79']);
  expect(session.poll().map(({ index, xid }) => [index, xid])).toEqual([[1, 79]]);
  expect([calls.get('nvmlEventSetCreate'), calls.get('nvmlEventSetFree')]).toEqual([2, 1]);
});

test('a wait that keeps failing is reported once', () => {
  const { session, reports } = openFakeSession(['count=1', 'error.nvmlEventSetWait_v2=999']);
  session.poll();
  session.poll();
  expect(reports).toEqual(['XID events may be missing: nvmlEventSetWait returned unknown (999)']);
});

test('errors that were taken out of the set are delivered although the driver goes away meanwhile', () => {
  let waits = 0;
  const { session, setState } = openFakeSession(['count=2'], {
    intercept(symbol) {
      if (symbol === 'nvmlEventSetWait_v2' && ++waits === 3) setState(['driver_gone=9']);
    },
  });
  setState(['count=2', 'xid=1:0:48', 'xid=2:1:48']);
  expect(session.poll().map(({ xid, index }) => [xid, index])).toEqual([
    [48, 0],
    [48, 1],
  ]);
  expect(() => session.poll()).toThrow(/driver/);
});
