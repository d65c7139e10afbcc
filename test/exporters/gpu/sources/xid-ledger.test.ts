import { createXidLedger, otherXid } from '../../../../exporters/gpu/sources/xid-ledger.ts';
import { xidCodesFromStart } from '../../../../metrics/xid.ts';

const event = { index: 0, uuid: 'GPU-a', xid: 94, atSeconds: 100 };

function countOf(ledger: ReturnType<typeof createXidLedger>, xid: number) {
  return ledger.counts().find((count) => count.xid === xid);
}

test('a GPU that is known has the counters that alerts read', () => {
  const ledger = createXidLedger();
  ledger.know(0, 'GPU-a');
  expect(ledger.counts().map(({ xid }) => xid)).toEqual(xidCodesFromStart);
  expect(ledger.migCounts()).toEqual([]);
});

test('the counts of a GPU move with it to another index', () => {
  const ledger = createXidLedger();
  ledger.record({ ...event, gpuInstanceId: 1 });
  ledger.know(3, 'GPU-a');
  expect(new Set(ledger.counts().map(({ index }) => index))).toEqual(new Set([3]));
  expect(ledger.migCounts()[0]?.index).toBe(3);
});

test('an error of a MIG instance counts for it and for its GPU', () => {
  const ledger = createXidLedger();
  ledger.record({ ...event, gpuInstanceId: 0 });
  ledger.record({ ...event, gpuInstanceId: 5 });
  ledger.record({ ...event, gpuInstanceId: 5 });
  ledger.record(event);
  expect(countOf(ledger, 94)?.count).toBe(4);
  expect(ledger.migCounts()).toEqual([
    { index: 0, uuid: 'GPU-a', gpuInstanceId: 0, xid: 94, count: 1 },
    { index: 0, uuid: 'GPU-a', gpuInstanceId: 5, xid: 94, count: 2 },
  ]);
});

test('instances and codes that are invented make no series without end, and count for the GPU', () => {
  const ledger = createXidLedger();
  for (let gpuInstanceId = 0; gpuInstanceId < 100; gpuInstanceId++) ledger.record({ ...event, gpuInstanceId });
  for (let xid = 1000; xid < 1100; xid++) ledger.record({ ...event, gpuInstanceId: 1, xid });
  const ofOne = ledger.migCounts().filter(({ gpuInstanceId }) => gpuInstanceId === 1);
  expect(countOf(ledger, 94)?.count).toBe(100);
  expect(new Set(ledger.migCounts().map(({ gpuInstanceId }) => gpuInstanceId)).size).toBe(16);
  expect(ofOne.length).toBeLessThanOrEqual(21);
  expect(ofOne.find(({ xid }) => xid === otherXid)?.count).toBe(81);
});

test('an error from before the start tells its time and counts nothing', () => {
  const ledger = createXidLedger();
  ledger.sawBefore({ ...event, gpuInstanceId: 1 });
  ledger.sawBefore({ ...event, xid: 1234 });
  expect(countOf(ledger, 94)).toMatchObject({ count: 0, lastSeconds: 100 });
  expect(countOf(ledger, 1234)).toMatchObject({ count: 0, lastSeconds: 100 });
  expect(ledger.migCounts()).toEqual([]);
});

test('the time of the last error never goes back', () => {
  const ledger = createXidLedger();
  ledger.record(event);
  ledger.sawBefore({ ...event, atSeconds: 50 });
  ledger.record({ ...event, atSeconds: 60 });
  expect(countOf(ledger, 94)).toMatchObject({ count: 2, lastSeconds: 100 });
  ledger.sawBefore({ ...event, atSeconds: 200 });
  expect(countOf(ledger, 94)).toMatchObject({ count: 2, lastSeconds: 200 });
});
