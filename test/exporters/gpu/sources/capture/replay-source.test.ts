import type { Capture } from '../../../../../exporters/gpu/sources/capture/capture.ts';
import { createReplaySource } from '../../../../../exporters/gpu/sources/capture/replay-source.ts';
import type { GpuSource } from '../../../../../exporters/gpu/sources/source.ts';
import { systemClock } from '../../../../../kit/clock.ts';
import { takeFakeCapture } from '../../../../support/captures/take-fake-capture.ts';
import { eventually } from '../../../../support/eventually.ts';

const warnings: string[] = [];
let source: GpuSource | undefined;
afterEach(async () => {
  warnings.length = 0;
  await source?.stop();
});

function start(capture: Capture): { readonly source: GpuSource; readonly celsius: () => number | undefined } {
  const log = {
    warn: (message: string, fields?: object) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
  };
  const started = createReplaySource({ capture, collectSeconds: 0.02 }, { clock: systemClock, log });
  source = started;
  return { source: started, celsius: () => started.state().reading?.gpus[0]?.thermal?.coreCelsius };
}

test('shows the GPUs of the capture, round by round', async () => {
  const capture = await takeFakeCapture({ lines: ['count=2'], aSecondLater: ['all.temperature=88'] });
  const { source, celsius } = start(capture);
  expect(source.state()).toMatchObject({
    source: 'replay',
    driver: 'starting',
    reading: undefined,
    enumerated: undefined,
  });
  const seen: (number | undefined)[] = [];
  source.start(() => seen.push(celsius()));
  expect(seen).toEqual([55]);
  await eventually('the second round', () => (celsius() === 88 ? true : undefined));
  const { driver, enumerated, reading, xids, costs } = source.state();
  expect({ driver, enumerated, gpus: reading?.gpus.length }).toEqual({ driver: 'ok', enumerated: 2, gpus: 2 });
  expect(reading?.tiers).toEqual(['fast', 'slow', 'processes']);
  expect(xids).toContainEqual(expect.objectContaining({ index: 1, xid: 79, count: 0 }));
  expect(costs['thermal']?.calls).toBeGreaterThan(0);
  expect(warnings).toEqual([]);
});

test('hears no XID errors and says so', async () => {
  const { source } = start(await takeFakeCapture({ lines: ['count=1'] }));
  source.start(() => {});
  expect(source.state().xidSources).toEqual({ nvml_events: false, kernel_log: false });
});

test('a capture of a driver that did not start is a driver that is not there', async () => {
  const capture: Capture = {
    origin: 'recorded',
    rounds: 1,
    symbols: ['nvmlInit_v2'],
    devices: new Map([['system', new Map([['nvmlInit_v2', [{ code: 9 }]]])]]),
  };
  const { source } = start(capture);
  let changes = 0;
  source.start(() => {
    changes += 1;
  });
  await eventually('another try', () => (changes > 2 ? true : undefined));
  expect(source.state()).toMatchObject({ driver: 'driver_not_loaded', reading: undefined });
  expect(warnings).toEqual([
    expect.stringMatching(/the capture cannot be shown .*nvmlInit returned driver_not_loaded/),
  ]);
});
