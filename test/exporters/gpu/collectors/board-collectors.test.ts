import { engines } from '../../../../exporters/gpu/collectors/engines.ts';
import type { GpuCollector } from '../../../../exporters/gpu/collectors/gpu-collector.ts';
import { modes } from '../../../../exporters/gpu/collectors/modes.ts';
import { nvlink } from '../../../../exporters/gpu/collectors/nvlink.ts';
import { pages } from '../../../../exporters/gpu/collectors/pages.ts';
import { power } from '../../../../exporters/gpu/collectors/power.ts';
import { recovery } from '../../../../exporters/gpu/collectors/recovery.ts';
import { rows } from '../../../../exporters/gpu/collectors/rows.ts';
import { throttle } from '../../../../exporters/gpu/collectors/throttle.ts';
import { traffic } from '../../../../exporters/gpu/collectors/traffic.ts';
import { vgpu } from '../../../../exporters/gpu/collectors/vgpu.ts';
import { type GpuReading, recoveryActions } from '../../../../exporters/gpu/reading.ts';
import { collect } from '../../../support/collect.ts';
import { gpuReading, nodeReading, nodeState } from '../../../support/node-state.ts';

const device = 'gpu_id="0",uuid="GPU-0"';

async function samplesOf(collector: GpuCollector, families: Partial<GpuReading>): Promise<readonly string[]> {
  const reading = nodeReading([gpuReading(families)]);
  const { samples, failures } = await collect(collector, nodeState({ reading }));
  expect(failures).toEqual([]);
  return samples;
}

test('throttling by reason, without reasons that the GPU does not count', async () => {
  expect(await samplesOf(throttle, { throttle: { power: 1.5, low_util: 0 } })).toEqual([
    `gpu_throttle_seconds_total{${device},reason="power"} 1.5`,
    `gpu_throttle_seconds_total{${device},reason="low_util"} 0`,
  ]);
});

test('engines beside the streaming multiprocessors', async () => {
  const reading = { encoderRatio: 0.1, decoderRatio: 0.2, jpegRatio: 0.3, ofaRatio: 0.4 };
  expect(await samplesOf(engines, { engines: reading })).toEqual([
    `gpu_encoder_utilization_ratio{${device}} 0.1`,
    `gpu_decoder_utilization_ratio{${device}} 0.2`,
    `gpu_jpeg_utilization_ratio{${device}} 0.3`,
    `gpu_ofa_utilization_ratio{${device}} 0.4`,
  ]);
});

test('bytes over PCIe and over each link', async () => {
  const nvlinks = [
    { link: 0, transmitBytes: 3, receiveBytes: 4 },
    { link: 'all', receiveBytes: 5 },
  ] as const;
  const reading = { pcieTransmitBytes: 1, pcieReceiveBytes: 2, nvlinks };
  expect(await samplesOf(traffic, { traffic: reading })).toEqual([
    `gpu_pcie_transmit_bytes_total{${device}} 1`,
    `gpu_pcie_receive_bytes_total{${device}} 2`,
    `gpu_nvlink_transmit_bytes_total{${device},link="0"} 3`,
    `gpu_nvlink_receive_bytes_total{${device},link="0"} 4`,
    `gpu_nvlink_receive_bytes_total{${device},link="all"} 5`,
  ]);
});

test('links that are up and down, and errors by kind', async () => {
  const links = [
    { link: 0, up: true, crcFlitErrors: 1, crcDataErrors: 2, replays: 3, recoveries: 4 },
    { link: 1, up: false },
    { link: 'all', replays: 5 },
  ] as const;
  expect(await samplesOf(nvlink, { nvlink: { links } })).toEqual([
    `gpu_nvlink_up{${device},link="0"} 1`,
    `gpu_nvlink_up{${device},link="1"} 0`,
    `gpu_nvlink_errors_total{${device},link="0",kind="crc_flit"} 1`,
    `gpu_nvlink_errors_total{${device},link="0",kind="crc_data"} 2`,
    `gpu_nvlink_errors_total{${device},link="0",kind="replay"} 3`,
    `gpu_nvlink_errors_total{${device},link="0",kind="recovery"} 4`,
    `gpu_nvlink_errors_total{${device},link="all",kind="replay"} 5`,
  ]);
});

test('remapped rows and the spare rows that are left', async () => {
  const banks = { max: 5, high: 4, partial: 3, low: 2, none: 1 };
  const reading = { correctable: 6, uncorrectable: 7, pending: true, failure: false, banks };
  expect(await samplesOf(rows, { rows: reading })).toEqual([
    `gpu_remapped_rows_total{${device},kind="correctable"} 6`,
    `gpu_remapped_rows_total{${device},kind="uncorrectable"} 7`,
    `gpu_row_remap_pending{${device}} 1`,
    `gpu_row_remap_failure{${device}} 0`,
    `gpu_row_remap_banks{${device},availability="max"} 5`,
    `gpu_row_remap_banks{${device},availability="high"} 4`,
    `gpu_row_remap_banks{${device},availability="partial"} 3`,
    `gpu_row_remap_banks{${device},availability="low"} 2`,
    `gpu_row_remap_banks{${device},availability="none"} 1`,
  ]);
});

test('rows without flags or banks have neither', async () => {
  expect(await samplesOf(rows, { rows: { uncorrectable: 0 } })).toEqual([
    `gpu_remapped_rows_total{${device},kind="uncorrectable"} 0`,
  ]);
});

test('retired pages by cause', async () => {
  expect(await samplesOf(pages, { pages: { correctable: 1, uncorrectable: 2, pending: false } })).toEqual([
    `gpu_retired_pages{${device},cause="correctable"} 1`,
    `gpu_retired_pages{${device},cause="uncorrectable"} 2`,
    `gpu_retired_pages_pending{${device}} 0`,
  ]);
});

test.each(recoveryActions)('of all recovery actions only %s is 1', async (action) => {
  const samples = await samplesOf(recovery, { recovery: { action } });
  expect(samples).toHaveLength(recoveryActions.length);
  expect(samples.filter((line) => line.endsWith(' 1'))).toEqual([
    `gpu_recovery_action{${device},action="${action}"} 1`,
  ]);
});

test('all compute modes, and the other modes as flags', async () => {
  const reading = { compute: 'prohibited', persistence: false, ecc: true, eccPending: false } as const;
  expect([...(await samplesOf(modes, { modes: reading }))].sort()).toEqual([
    `gpu_compute_mode{${device},mode="default"} 0`,
    `gpu_compute_mode{${device},mode="exclusive_process"} 0`,
    `gpu_compute_mode{${device},mode="exclusive_thread"} 0`,
    `gpu_compute_mode{${device},mode="prohibited"} 1`,
    `gpu_ecc_enabled{${device}} 1`,
    `gpu_ecc_pending_enabled{${device}} 0`,
    `gpu_persistence_mode{${device}} 0`,
  ]);
});

test('a compute mode that is not known is none of them', async () => {
  expect(await samplesOf(modes, { modes: { persistence: true } })).toEqual([`gpu_persistence_mode{${device}} 1`]);
});

test.each([
  [true, 1],
  [false, 0],
])('a vGPU whose licence is %s', async (licensed, value) => {
  expect(await samplesOf(vgpu, { vgpu: { licensed } })).toEqual([`gpu_vgpu_license_status{${device}} ${value}`]);
});

test('power at the moment beside its average', async () => {
  expect(await samplesOf(power, { power: { watts: 300, instantWatts: 350, limitWatts: {} } })).toEqual([
    `gpu_power_watts{${device}} 300`,
    `gpu_power_instant_watts{${device}} 350`,
  ]);
});
