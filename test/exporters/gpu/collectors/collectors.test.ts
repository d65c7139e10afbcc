import { driver } from '../../../../exporters/gpu/collectors/driver.ts';
import { fan } from '../../../../exporters/gpu/collectors/fan.ts';
import { health } from '../../../../exporters/gpu/collectors/health.ts';
import { gpuCollectors } from '../../../../exporters/gpu/collectors/index.ts';
import { thermal } from '../../../../exporters/gpu/collectors/thermal.ts';
import { xid } from '../../../../exporters/gpu/collectors/xid.ts';
import { createXidLedger, otherXid } from '../../../../exporters/gpu/sources/xid-ledger.ts';
import { collect } from '../../../support/collect.ts';
import { gpuReading, nodeReading, nodeState } from '../../../support/node-state.ts';

test('a family that failed on one GPU costs the success and not the other GPUs', async () => {
  const reading = nodeReading([
    gpuReading({ index: 0, uuid: 'GPU-a', errors: { thermal: 'unknown' } }),
    gpuReading({ index: 1, uuid: 'GPU-b', thermal: { coreCelsius: 61 } }),
  ]);
  const { samples, failures } = await collect(thermal, nodeState({ reading }));
  expect(samples).toEqual(['gpu_temperature_celsius{gpu_id="1",uuid="GPU-b"} 61']);
  expect(failures).toEqual(['gpu 0: unknown']);
});

test('a family that the hardware lacks is neither a sample nor a failure', async () => {
  const { samples, failures } = await collect(fan, nodeState({ reading: nodeReading([gpuReading()]) }));
  expect(samples).toEqual([]);
  expect(failures).toEqual([]);
});

test('a measured zero is emitted', async () => {
  const reading = nodeReading([gpuReading({ fan: { ratio: 0 } })]);
  expect((await collect(fan, nodeState({ reading }))).samples).toEqual(['gpu_fan_ratio{gpu_id="0",uuid="GPU-0"} 0']);
});

test.each(['unresponsive', 'crashed'] as const)(
  'a driver that is %s fails every collector that needs it',
  async (state) => {
    const results = await Promise.all(
      gpuCollectors.map(
        async (collector) => [collector.name, await collect(collector, nodeState({ driver: state }))] as const,
      ),
    );
    const succeeded = results.filter(([, { failures }]) => failures.length === 0).map(([name]) => name);
    expect(succeeded).toEqual(['info', 'xid', 'cost', 'pods', 'jobs', 'allocation', 'attributed']);
    const { samples } = await collect(driver, nodeState({ driver: state }));
    expect(samples).toContain('gpu_driver_responsive 0');
    expect(samples).toContain(`gpu_driver_state{state="${state}"} 1`);
  },
);

test('without a driver only the driver collector fails, and responsiveness is not claimed either way', async () => {
  const { samples, failures } = await collect(driver, nodeState({ driver: 'library_not_found' }));
  expect(failures).toEqual(['library_not_found']);
  expect(samples.some((line) => line.startsWith('gpu_driver_responsive'))).toBe(false);
  expect((await collect(thermal, nodeState({ driver: 'library_not_found' }))).failures).toEqual([]);
});

test('GPUs that do not answer are down, with the reason', async () => {
  const state = nodeState({
    reading: nodeReading([
      gpuReading({ index: 0, uuid: 'GPU-a' }),
      gpuReading({ index: 1, uuid: 'GPU-b', failure: 'gpu_is_lost' }),
    ]),
    silent: [{ index: 2, uuid: 'GPU-c', failure: 'call_hung' }],
  });
  expect((await collect(health, state)).samples).toEqual([
    'gpu_up{gpu_id="0",uuid="GPU-a"} 1',
    'gpu_up{gpu_id="1",uuid="GPU-b"} 0',
    'gpu_up{gpu_id="2",uuid="GPU-c"} 0',
    'gpu_failure_info{gpu_id="1",uuid="GPU-b",error="gpu_is_lost"} 1',
    'gpu_failure_info{gpu_id="2",uuid="GPU-c",error="call_hung"} 1',
  ]);
});

describe('XID counters', () => {
  test('exist with 0 before the first error, and count with a time after it', async () => {
    const ledger = createXidLedger();
    ledger.know(3, 'GPU-d');
    const before = await collect(xid, nodeState({ xids: ledger.counts() }));
    expect(before.samples).toContain('gpu_xid_errors_total{gpu_id="3",uuid="GPU-d",xid="79"} 0');
    expect(before.samples.some((line) => line.startsWith('gpu_xid_last'))).toBe(false);
    ledger.record({ index: 3, uuid: 'GPU-d', xid: 79, atSeconds: 1_700_000_000.5 });
    ledger.record({ index: 3, uuid: 'GPU-d', xid: 79, atSeconds: 1_700_000_060 });
    const after = await collect(xid, nodeState({ xids: ledger.counts() }));
    expect(after.samples).toContain('gpu_xid_errors_total{gpu_id="3",uuid="GPU-d",xid="79"} 2');
    expect(after.samples).toContain('gpu_xid_last_timestamp_seconds{gpu_id="3",uuid="GPU-d",xid="79"} 1700000060');
  });

  test('a driver that invents codes cannot make series without end', async () => {
    const ledger = createXidLedger();
    for (let code = 1000; code < 2000; code++) ledger.record({ index: 0, uuid: 'GPU-a', xid: code, atSeconds: code });
    const counts = ledger.counts();
    expect(counts.length).toBeLessThanOrEqual(101);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    expect(counts.find((entry) => entry.xid === otherXid)?.count).toBeGreaterThan(900);
    expect((await collect(xid, nodeState({ xids: counts }))).text).toContain('xid="other"');
  });
});

test('the facts of a GPU stay when it does not answer, because that is when they are needed', async () => {
  const info = gpuCollectors.find(({ name }) => name === 'info');
  const identity = { model: 'NVIDIA H100', serial: '165', pciBusId: '00000000:18:00.0' };
  const lost = nodeState({
    driver: 'unresponsive',
    known: [{ index: 0, uuid: 'GPU-0', identity }],
    versions: { driver: '580' },
  });
  expect((await collect(info ?? driver, lost)).samples).toEqual([
    'gpu_info{gpu_id="0",uuid="GPU-0",model="NVIDIA H100",serial="165",pci_bus_id="00000000:18:00.0",vbios="",driver="580"} 1',
  ]);
});
