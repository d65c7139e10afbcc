import type { Variation } from './variations.ts';

/**
 * Variations of the examples of an alert, by its name: each was looked for because it tells a broken expression from the alert, and
 * shows how close a threshold is, or what a label keeps apart.
 */
export const variations: Readonly<Record<string, readonly Variation[]>> = {
  GpuThermalThrottle: [{ of: 1, values: { gpu_clock_event_active: '* 1.1' }, outcome: 'fires' }],
  GpuHwSlowdown: [{ of: 1, values: { gpu_clock_event_active: '* 1.1' }, outcome: 'fires' }],
  GpuPowerAboveLimit: [{ of: 0, values: { gpu_power_limit_watts: '* 0' }, outcome: 'quiet' }],
  GpuMemoryNearlyFull: [{ of: 0, values: { gpu_memory_total_bytes: '* 0' }, outcome: 'quiet' }],
  GpuOrphanedMemory: [{ of: 0, values: { gpu_memory_total_bytes: '* 0' }, outcome: 'quiet' }],
  GpuPcieDowngrade: [
    { of: 0, values: { gpu_pcie_link_generation_max: '* 0.8' }, outcome: 'quiet' },
    { of: 3, values: { gpu_utilization_ratio: '* 1.1' }, outcome: 'fires' },
  ],
  GpuPcieReplay: [
    { of: 0, values: { gpu_pcie_replays_total: '* 0.8' }, outcome: 'quiet' },
    { of: 0, values: { gpu_pcie_replays_total: '* 0.9' }, outcome: 'fires' },
  ],
  TrainingLossNonFinite: [{ of: 0, without: 'training_nonfinite_steps_total', outcome: 'fires' }],
  TrainingNotStarted: [{ of: 0, at: 0.8, outcome: 'fires' }],
};
