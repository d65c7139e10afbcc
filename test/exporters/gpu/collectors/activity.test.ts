import { activity } from '../../../../exporters/gpu/collectors/activity.ts';
import { collect } from '../../../support/collect.ts';
import { gpuReading, nodeReading, nodeState } from '../../../support/node-state.ts';

test('shows each metric that was measured, a 0 too, and no other', async () => {
  const reading = nodeReading([
    gpuReading({ activity: { smRatio: 0, tensorRatio: 0.6, fp64Ratio: undefined, nvlinkTransmitBytesPerSecond: 5e9 } }),
  ]);
  const { samples, failures } = await collect(activity, nodeState({ reading }));
  expect(samples).toEqual([
    'gpu_sm_active_ratio{gpu_id="0",uuid="GPU-0"} 0',
    'gpu_tensor_active_ratio{gpu_id="0",uuid="GPU-0"} 0.6',
    'gpu_nvlink_transmit_bytes_per_second{gpu_id="0",uuid="GPU-0"} 5000000000',
  ]);
  expect(failures).toEqual([]);
});

test('each metric has a series of its own', async () => {
  const reading = nodeReading([
    gpuReading({
      activity: {
        graphicsRatio: 0.01,
        smRatio: 0.02,
        smOccupancyRatio: 0.03,
        tensorRatio: 0.04,
        integerRatio: 0.05,
        dramRatio: 0.06,
        fp64Ratio: 0.07,
        fp32Ratio: 0.08,
        fp16Ratio: 0.09,
        pcieTransmitBytesPerSecond: 1,
        pcieReceiveBytesPerSecond: 2,
        nvlinkTransmitBytesPerSecond: 3,
        nvlinkReceiveBytesPerSecond: 4,
      },
    }),
  ]);
  const { samples } = await collect(activity, nodeState({ reading }));
  expect(samples.map((line) => line.replace('{gpu_id="0",uuid="GPU-0"}', ''))).toEqual([
    'gpu_graphics_active_ratio 0.01',
    'gpu_sm_active_ratio 0.02',
    'gpu_sm_occupancy_ratio 0.03',
    'gpu_tensor_active_ratio 0.04',
    'gpu_integer_active_ratio 0.05',
    'gpu_fp64_active_ratio 0.07',
    'gpu_fp32_active_ratio 0.08',
    'gpu_fp16_active_ratio 0.09',
    'gpu_dram_active_ratio 0.06',
    'gpu_pcie_transmit_bytes_per_second 1',
    'gpu_pcie_receive_bytes_per_second 2',
    'gpu_nvlink_transmit_bytes_per_second 3',
    'gpu_nvlink_receive_bytes_per_second 4',
  ]);
});
