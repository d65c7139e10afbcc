import { computeFeatures } from '../../../exporters/prediction/features/compute-features.ts';
import type { FeatureTable } from '../../../exporters/prediction/features/feature-table.ts';
import { gpuSpec } from '../../../exporters/prediction/features/gpu-spec.ts';
import { failureHistory, fleetSamples } from './fleet-history.ts';
import type { FleetPlan } from './fleet-plan.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Columns in which each planted cause shows, beside some in which none does. */
const columns =
  /^(temperature_(mean_24h|slope_7d|mean_1h_vs_node|given_power_24h)|temperature_mean_1h|power_mean_24h|utilization_mean_24h|(ecc_correctable|pcie_replays|nvlink_errors|thermal_throttle)_growth_(24h|7d)|remapped_uncorrectable_.*|faults_30d|days_since_fault|warnings_30d)$/;

export const simulatedSpec = { ...gpuSpec, features: gpuSpec.features.filter(({ name }) => columns.test(name)) };

/** A row for each GPU and day, from the day on at which a week is known. Takes a second for each 5,000 or so rows. */
export function simulatedTable(plan: FleetPlan): FeatureTable {
  const { fromMs, days } = plan.settings;
  const moments = Array.from({ length: Math.max(0, days - 6) }, (_, each) => fromMs + (7 + each) * dayMs);
  return computeFeatures(simulatedSpec, fleetSamples(plan, 6 * hourMs, failureHistory(plan)), moments);
}
