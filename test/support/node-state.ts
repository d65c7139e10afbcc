import type { NodeView } from '../../exporters/gpu/node-view.ts';
import type { GpuReading, NodeReading } from '../../exporters/gpu/reading.ts';

/** A state as the NVML source gives it when all is well, with what a test wants to be different. */
export function nodeState(changes: Partial<NodeView> = {}): NodeView {
  const { reading } = changes;
  return {
    known: reading?.gpus ?? [],
    versions: reading?.versions ?? {},
    source: 'nvml',
    driver: 'ok',
    restarts: { hung: 0, crashed: 0 },
    reading: undefined,
    enumerated: undefined,
    silent: [],
    xids: [],
    migXids: [],
    xidSources: { nvml_events: true, kernel_log: false },
    reloads: 0,
    releasedUntilSeconds: undefined,
    costs: {},
    expected: undefined,
    attribution: undefined,
    ...changes,
  };
}

export function nodeReading(gpus: readonly GpuReading[]): NodeReading {
  return {
    takenAtSeconds: 1_700_000_000,
    tiers: ['fast'],
    costs: {},
    versions: { driver: '580.65.06', cuda: '13.0', nvml: '13.580.65.06' },
    gpus,
  };
}

export function gpuReading(changes: Partial<GpuReading> = {}): GpuReading {
  return { index: 0, uuid: 'GPU-0', identity: {}, errors: {}, ...changes };
}
