import type { BillingCollector } from './billing-collector.ts';

/** How far, how well and how evenly is metered. */
export const meteringCollector: BillingCollector = {
  name: 'metering',
  collect: ({ metering, clusters }, { emit }) => {
    for (const { cluster, meter, meteredUntil, coverage, heldWindows, recorded } of metering) {
      emit('billing_metered_until_timestamp_seconds', { cluster, meter }, meteredUntil);
      emit('billing_coverage_ratio', { cluster, meter }, coverage);
      emit('billing_held_windows', { cluster, meter }, heldWindows);
      emit('billing_windows_recorded_total', { cluster, meter, revision: 'first' }, recorded.first);
      emit('billing_windows_recorded_total', { cluster, meter, revision: 'later' }, recorded.later);
    }
    for (const { cluster, conservationErrorSeconds, states, unattributed } of clusters) {
      emit('billing_conservation_error_seconds', { cluster }, conservationErrorSeconds);
      emit('billing_unattributed_ratio', { cluster }, unattributed);
      for (const [state, share] of states ?? []) emit('billing_gpu_state_ratio', { cluster, state }, share);
    }
  },
};
