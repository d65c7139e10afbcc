import { xid } from '../../../../exporters/gpu/collectors/xid.ts';
import { createXidLedger } from '../../../../exporters/gpu/sources/xid-ledger.ts';
import { xidCodesFromStart } from '../../../../metrics/xid.ts';
import { collect } from '../../../support/collect.ts';
import { nodeState } from '../../../support/node-state.ts';

const event = { index: 3, uuid: 'GPU-d', atSeconds: 1_700_000_000 };

test('an error of a MIG instance is shown for the instance and for the GPU', async () => {
  const ledger = createXidLedger();
  ledger.record({ ...event, xid: 94, gpuInstanceId: 0 });
  const { samples } = await collect(xid, nodeState({ xids: ledger.counts(), migXids: ledger.migCounts() }));
  expect(samples).toContain('gpu_xid_errors_total{gpu_id="3",uuid="GPU-d",xid="94"} 1');
  expect(samples).toContain('gpu_mig_xid_errors_total{gpu_id="3",uuid="GPU-d",gpu_instance_id="0",xid="94"} 1');
});

test('whether a source is heard is shown without a single GPU', async () => {
  const { samples } = await collect(xid, nodeState({ xidSources: { nvml_events: true, kernel_log: false } }));
  expect(samples).toEqual([
    'gpu_xid_source_active{source="nvml_events"} 1',
    'gpu_xid_source_active{source="kernel_log"} 0',
  ]);
});

test('each code that has a counter has its meaning, once for all GPUs, and no other code has', async () => {
  const ledger = createXidLedger();
  for (const gpu of [0, 1]) ledger.know(gpu, `GPU-${gpu}`);
  ledger.record({ ...event, xid: 8 });
  ledger.record({ ...event, xid: 1234 });
  ledger.record({ ...event, xid: 0 });
  const { samples } = await collect(xid, nodeState({ xids: ledger.counts() }));
  const meanings = samples.filter((line) => line.startsWith('gpu_xid_info'));
  expect(meanings).toHaveLength(xidCodesFromStart.length + 2);
  expect(meanings).toContain('gpu_xid_info{xid="79",class="restart-node",action="restart_node"} 1');
  expect(meanings).toContain('gpu_xid_info{xid="8",class="application",action="restart_app"} 1');
  expect(meanings).toContain('gpu_xid_info{xid="1234",class="unclassified",action="investigate"} 1');
});
