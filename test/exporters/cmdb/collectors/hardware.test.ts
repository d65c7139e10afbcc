import { hardwareCollector } from '../../../../exporters/cmdb/collectors/hardware.ts';
import type { HardwareStatus, SensorReading } from '../../../../exporters/cmdb/hardware/hardware-reading.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../../kit/exposition/samples.ts';
import { cmdbHardware } from '../../../../metrics/cmdb-hardware.ts';
import { expectGolden } from '../../../support/golden.ts';

const sensors: SensorReading = {
  takenAt: 1_795_000_000,
  durationSeconds: 1.25,
  powerState: 'on',
  powerWatts: 6150.5,
  energyJoules: 18_444_600_000,
  temperatures: [
    { sensor: 'Inlet Temp', celsius: 24.5, criticalCelsius: 45 },
    { sensor: 'CPU1 Temp', celsius: 62, criticalCelsius: undefined },
  ],
  fans: [
    { sensor: 'Fan 1', rpm: 7600, ratio: 0.55 },
    { sensor: 'Fan 2', rpm: 0, ratio: undefined },
  ],
  voltages: [{ sensor: '12V', volts: 12.05 }],
  supplies: [
    { supply: 'PSU0', inputWatts: 3100, outputWatts: 2990, capacityWatts: 3300, isUp: true },
    { supply: 'PSU1', inputWatts: 0, outputWatts: undefined, capacityWatts: 3300, isUp: false },
  ],
  leaks: [{ sensor: 'Tray leak', isLeaking: true }],
  healths: [
    { component: 'system', part: 'DGX', health: 'warning' },
    { component: 'fan', part: 'Fan 1', health: 'ok' },
    { component: 'fan', part: 'Fan 2', health: 'critical' },
    { component: 'leak', part: 'Tray leak', health: 'critical' },
  ],
  problems: [{ subject: 'PCH Temp', reason: 'none that can be' }],
};

const busy: HardwareStatus = {
  node: 'gpu-1',
  bmc: '10.0.0.5',
  isUp: true,
  failure: undefined,
  failures: { timeout: 2 },
  sensors,
  parts: {
    takenAt: 1_795_000_000,
    vendor: 'NVIDIA',
    model: 'DGXH100',
    firmware: [
      { component: 'HostBIOS_0', version: '1.1.3' },
      { component: 'HostBMC_0', version: '24.01.05' },
    ],
    healths: [{ component: 'gpu', part: 'GPU_SXM_1', health: 'ok' }],
  },
  log: {
    takenAt: 1_795_000_000,
    logs: ['sel', 'lclog'],
    entries: [
      { log: 'sel', id: '2', createdAt: 1_794_900_000, severity: 'critical', message: 'x' },
      { log: 'sel', id: '1', createdAt: 1_794_800_000, severity: 'critical', message: 'x' },
    ],
  },
  actions: [{ action: 'force_off', outcome: 'done', count: 1 }],
  maxSensors: 100,
};
const dead: HardwareStatus = {
  ...busy,
  node: 'gpu-2',
  bmc: '10.0.0.6',
  isUp: false,
  failures: { unreachable: 7 },
  sensors: undefined,
  parts: undefined,
  log: undefined,
  actions: [],
};
const unasked: HardwareStatus = { ...dead, node: 'gpu-3', bmc: '10.0.0.7', isUp: undefined, failures: {} };

async function collect(statuses: readonly HardwareStatus[]): Promise<string> {
  const writer = createSampleWriter(cmdbHardware);
  const signal = new AbortController().signal;
  await hardwareCollector.collect(statuses, { ...writer, fail: () => {}, signal });
  return renderExposition('text', writer.families());
}

function seriesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('one server that is not well, one whose controller is dead, one that was not asked yet', async () => {
  expectGolden('cmdb/hardware.prom', await collect([busy, dead, unasked]));
});

test('a dead controller has no readings, and one that was not asked has nothing', async () => {
  expect(seriesOf(await collect([dead, unasked]))).toEqual([
    'cmdb_bmc_up{node="gpu-2"} 0',
    'cmdb_bmc_failures_total{node="gpu-2",reason="unreachable"} 7',
  ]);
});

test('sensors beyond the bound have no series and are counted, and no series comes twice', async () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    sensor: `Temp ${Math.floor(index / 2)}`,
    celsius: 40,
    criticalCelsius: undefined,
  }));
  const lines = seriesOf(await collect([{ ...busy, maxSensors: 15, sensors: { ...sensors, temperatures: many } }]));
  expect(lines.filter((line) => line.startsWith('cmdb_bmc_temperature_celsius'))).toHaveLength(15);
  // 25 temperatures, and the fans, the voltage, the leak and the power supplies behind them.
  expect(lines).toContain('cmdb_bmc_dropped_sensors{node="gpu-1"} 31');
  expect(new Set(lines.map((line) => line.replace(/ \S+$/, ''))).size).toBe(lines.length);
});

test('hostile names are cut and escaped', async () => {
  const evil = `"}\n evil 1${'x'.repeat(500)}`;
  const reading = { ...sensors, temperatures: [{ sensor: evil, celsius: 1, criticalCelsius: undefined }] };
  const lines = seriesOf(await collect([{ ...busy, sensors: reading }]));
  const [line = ''] = lines.filter((each) => each.startsWith('cmdb_bmc_temperature_celsius'));
  expect(line).toMatch(/^cmdb_bmc_temperature_celsius\{node="gpu-1",sensor="\\"\}\\n evil 1x+"\} 1$/);
  expect(line.length).toBeLessThan(200);
});

test('a node that two sources name has the address of its controller instead the second time', async () => {
  const lines = seriesOf(await collect([dead, { ...dead, bmc: '10.0.0.9' }, { ...dead, bmc: '10.0.0.9' }]));
  expect(lines.filter((line) => line.startsWith('cmdb_bmc_up'))).toEqual([
    'cmdb_bmc_up{node="gpu-2"} 0',
    'cmdb_bmc_up{node="10.0.0.9"} 0',
  ]);
});
