import { mig } from '../../../../exporters/gpu/collectors/mig.ts';
import type { Mig, MigInstance } from '../../../../exporters/gpu/reading.ts';
import { collect } from '../../../support/collect.ts';
import { gpuReading, nodeReading, nodeState } from '../../../support/node-state.ts';

async function shown(reading: Mig): Promise<readonly string[]> {
  const state = nodeState({ reading: nodeReading([gpuReading({ mig: reading })]) });
  const { samples } = await collect(mig, state);
  return samples.map((line) => line.replace('gpu_id="0",uuid="GPU-0"', 'GPU'));
}

const memory = { totalBytes: 100, usedBytes: 0, freeBytes: 90 };

function instance(changes: Partial<MigInstance> = {}): MigInstance {
  return { gpuInstanceId: 3, computeInstanceId: 0, uuid: 'MIG-a', profile: '1g.10gb', ...changes };
}

test('a GPU that is not in MIG mode says so', async () => {
  expect(await shown({ enabled: false, pendingEnabled: true, instances: [] })).toEqual([
    'gpu_mig_enabled{GPU} 0',
    'gpu_mig_pending_enabled{GPU} 1',
  ]);
});

test('an instance has its facts, its memory and what was measured', async () => {
  const activity = {
    graphicsRatio: 0.1,
    smRatio: 0,
    smOccupancyRatio: 0.3,
    tensorRatio: 0.4,
    dramRatio: 0.5,
    fp64Ratio: 0.6,
    fp32Ratio: 0.7,
    fp16Ratio: 0.8,
  };
  expect(await shown({ enabled: true, instances: [instance({ memory, activity })] })).toEqual([
    'gpu_mig_enabled{GPU} 1',
    'gpu_mig_info{GPU,gpu_instance_id="3",compute_instance_id="0",mig_uuid="MIG-a",profile="1g.10gb"} 1',
    'gpu_mig_memory_total_bytes{GPU,gpu_instance_id="3"} 100',
    'gpu_mig_memory_used_bytes{GPU,gpu_instance_id="3"} 0',
    'gpu_mig_memory_free_bytes{GPU,gpu_instance_id="3"} 90',
    'gpu_mig_graphics_active_ratio{GPU,gpu_instance_id="3"} 0.1',
    'gpu_mig_sm_active_ratio{GPU,gpu_instance_id="3"} 0',
    'gpu_mig_sm_occupancy_ratio{GPU,gpu_instance_id="3"} 0.3',
    'gpu_mig_tensor_active_ratio{GPU,gpu_instance_id="3"} 0.4',
    'gpu_mig_dram_active_ratio{GPU,gpu_instance_id="3"} 0.5',
    'gpu_mig_fp64_active_ratio{GPU,gpu_instance_id="3"} 0.6',
    'gpu_mig_fp32_active_ratio{GPU,gpu_instance_id="3"} 0.7',
    'gpu_mig_fp16_active_ratio{GPU,gpu_instance_id="3"} 0.8',
  ]);
});

test('compute instances of one GPU instance have their facts each and the rest once', async () => {
  const instances = [
    instance({ profile: undefined }),
    instance({ computeInstanceId: 1, uuid: 'MIG-b', memory, activity: { smRatio: 0.5 } }),
  ];
  expect(await shown({ enabled: true, instances })).toEqual([
    'gpu_mig_enabled{GPU} 1',
    'gpu_mig_info{GPU,gpu_instance_id="3",compute_instance_id="0",mig_uuid="MIG-a",profile=""} 1',
    'gpu_mig_info{GPU,gpu_instance_id="3",compute_instance_id="1",mig_uuid="MIG-b",profile="1g.10gb"} 1',
    'gpu_mig_memory_total_bytes{GPU,gpu_instance_id="3"} 100',
    'gpu_mig_memory_used_bytes{GPU,gpu_instance_id="3"} 0',
    'gpu_mig_memory_free_bytes{GPU,gpu_instance_id="3"} 90',
    'gpu_mig_sm_active_ratio{GPU,gpu_instance_id="3"} 0.5',
  ]);
});
