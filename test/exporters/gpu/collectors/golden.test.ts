import { gpuCollectors } from '../../../../exporters/gpu/collectors/index.ts';
import type { NodeView } from '../../../../exporters/gpu/node-view.ts';
import { createXidLedger } from '../../../../exporters/gpu/sources/xid-ledger.ts';
import { collect } from '../../../support/collect.ts';
import type { FakeLine } from '../../../support/fake-nvml.ts';
import { expectGolden } from '../../../support/golden.ts';
import { nodeState } from '../../../support/node-state.ts';
import { closeFakeSessions, openFakeSession, removeFakeState } from '../sources/nvml/fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

/** Through the NVML ABI of the fake library; no hardware stood behind these figures. */
function stateOf(lines: readonly FakeLine[]): NodeView {
  const reading = openFakeSession(lines).session.collect();
  const ledger = createXidLedger();
  for (const { index, uuid } of reading.gpus) ledger.know(index, uuid);
  ledger.record({ index: 0, uuid: reading.gpus[0]?.uuid ?? '', xid: 79, atSeconds: 1_700_000_000 });
  return nodeState({ reading, enumerated: reading.gpus.length, xids: ledger.counts() });
}

const cases: Readonly<Record<string, readonly FakeLine[]>> = {
  'h100-2x': ['count=2', 'gpu.1.reasons=4'],
  'h100-2x-one-lost': ['count=2', 'gpu.1=lost'],
  'v100-1x': [
    'count=1',
    'name=Tesla V100-SXM2-32GB',
    'all.nvlinks=6',
    'all.nvlinks_down=0x20',
    'unsupported=nvlink_state_each',
    'unsupported=nvlink_errors_each',
    'unsupported=rows',
    'unsupported=row_fields',
    'unsupported=recovery',
    'unsupported=power_instant',
    'unsupported=pcie_bytes',
    'all.pages_correctable=2',
    'all.pages_uncorrectable=1',
    'all.pages_pending=0',
  ],
  'vgpu-guest': [
    'count=1',
    'name=NVIDIA A40-48Q',
    'all.virtualization=2',
    'all.licence_supported=1',
    'all.licensed=1',
    'unsupported=nvlink',
    'unsupported=rows',
    'unsupported=row_fields',
    'unsupported=throttle',
    'unsupported=power',
    'unsupported=power_instant',
    'unsupported=power_limit',
    'unsupported=energy',
    'unsupported=pcie_bytes',
  ],
  'consumer-card': [
    'count=1',
    'name=NVIDIA GeForce RTX 4090',
    'ecc=off',
    'all.fan=43',
    'unsupported=serial',
    'unsupported=nvlink',
    'unsupported=rows',
    'unsupported=row_fields',
    'unsupported=memory_temperature',
    'version_mismatch=memory_v2',
  ],
};

describe.each(Object.keys(cases))('%s', (name) => {
  test.each(gpuCollectors.map((collector) => [collector.name, collector] as const))(
    '%s',
    async (collectorName, collector) => {
      const { text, failures } = await collect(collector, stateOf(cases[name] ?? []));
      expect(failures).toEqual([]);
      expectGolden(`gpu/${name}/${collectorName}.prom`, text);
    },
  );
});

/** What a node says about itself when it misses a GPU, is to have its driver let go of, and has seen an XID of a MIG instance. */
const node = nodeState({
  driver: 'released',
  releasedUntilSeconds: 1_700_000_300,
  reloads: 2,
  expected: 8,
  costs: { memory: { calls: 80, seconds: 0.25 }, fields_fast: { calls: 40, seconds: 0.125 } },
  xids: [{ index: 0, uuid: 'GPU-0', xid: 94, count: 1, lastSeconds: 1_700_000_000 }],
  migXids: [{ index: 0, uuid: 'GPU-0', gpuInstanceId: 5, xid: 94, count: 1 }],
});

test.each(['driver', 'cost', 'xid'])('of the node: %s', async (name) => {
  const collector = gpuCollectors.find((each) => each.name === name);
  if (collector === undefined) throw new Error(`no collector ${name}`);
  expectGolden(`gpu/node/${name}.prom`, (await collect(collector, node)).text);
});
