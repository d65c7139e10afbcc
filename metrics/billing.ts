import { defineMetrics } from './define.ts';

/**
 * What was metered, what it costs, and how the metering is doing. Money is decimal in the ledger and on bills; here it is a float with its
 * currency, good for boards and alerts and not for a bill. `cluster` is the cluster that was metered, and what is of no cluster alone
 * carries that of the target.
 */
export const billing = defineMetrics('billing', {
  billing_cost_total: {
    kind: 'counter',
    unit: 'none',
    help: 'What the tenant was charged, by resource: a meter such as gpu_time, or for what concerns the whole bill discount, credit, minimum, maximum, tax, correction. It never falls; what was taken back is in billing_cost_reversed_total, and the difference is what the bills say.',
    labels: ['cluster', 'tenant', 'resource', 'currency'],
  },
  billing_cost_reversed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'What was taken back of billing_cost_total: discounts, credits, corrections, cheaper tiers that were reached.',
    labels: ['cluster', 'tenant', 'resource', 'currency'],
  },
  billing_gpu_seconds_total: {
    kind: 'counter',
    unit: 'seconds',
    help: 'GPU time in the ledger, times the part of the GPU that was held, by state: used, idle, unavailable, system. Over all states it adds up to the installed GPUs. It grows by whole windows, after they are metered.',
    labels: ['cluster', 'tenant', 'model', 'profile', 'state'],
  },
  billing_gpu_reversed_seconds_total: {
    kind: 'counter',
    unit: 'seconds',
    help: 'GPU time that later revisions of the ledger took back from billing_gpu_seconds_total.',
    labels: ['cluster', 'tenant', 'model', 'profile', 'state'],
  },
  billing_usage_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Usage in the ledger by meter, in the unit of its price, such as GPU hour; never add up two units. It grows by whole windows, after they are metered.',
    labels: ['cluster', 'tenant', 'meter', 'meter_unit'],
  },
  billing_usage_reversed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Usage that later revisions of the ledger took back from billing_usage_total.',
    labels: ['cluster', 'tenant', 'meter', 'meter_unit'],
  },
  billing_period_cost: {
    kind: 'gauge',
    unit: 'none',
    help: 'The bill of the current period so far, by kind of line: usage, idle, commitment, overage, minimum, maximum, discount, credit, tax, correction. The kinds add up to the bill.',
    labels: ['tenant', 'currency', 'kind'],
  },
  billing_period_cost_forecast: {
    kind: 'gauge',
    unit: 'none',
    help: 'What the bill will be at the end of the current period, by method: pace (as fast as so far), weekday (each day as its weekday was). low and high are the bounds between which four of five forecasts end; absent while too few days are known.',
    labels: ['tenant', 'currency', 'method', 'estimate'],
  },
  billing_period_elapsed_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the current period of the tenant that has passed, in the time zone of the tenant.',
    labels: ['tenant'],
  },
  billing_period_end_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the current period of the tenant ends.',
    labels: ['tenant'],
  },
  billing_budget_amount: {
    kind: 'gauge',
    unit: 'none',
    help: 'Budget of the current period.',
    labels: ['budget', 'tenant', 'cost_centre', 'currency'],
  },
  billing_budget_cost: {
    kind: 'gauge',
    unit: 'none',
    help: 'What the budget was charged with in its current period.',
    labels: ['budget', 'tenant', 'cost_centre', 'currency'],
  },
  billing_budget_used_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the budget that is used; above 1 it is exceeded.',
    labels: ['budget', 'tenant', 'cost_centre'],
  },
  billing_budget_elapsed_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the period of the budget that has passed.',
    labels: ['budget', 'tenant', 'cost_centre'],
  },
  billing_budget_forecast_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the budget that will be used at the end of its period, as forecast. low and high are absent while too few days are known.',
    labels: ['budget', 'tenant', 'cost_centre', 'method', 'estimate'],
  },
  billing_budget_step_reached: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the highest step of the budget that is reached, 0 for the others.',
    labels: ['budget', 'tenant', 'cost_centre', 'step'],
  },
  billing_quota_used_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of a quota of Kubernetes or limit of Slurm that is used.',
    labels: ['cluster', 'tenant', 'quota', 'resource'],
  },
  billing_quota_limit: {
    kind: 'gauge',
    unit: 'none',
    help: 'The quota, in the unit of its resource: GPUs, cores, bytes.',
    labels: ['cluster', 'tenant', 'quota', 'resource'],
  },
  billing_metered_until_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Watermark: up to here the ledger has every window of the meter.',
    labels: ['cluster', 'meter'],
  },
  billing_coverage_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the expected scrapes that were seen, over the windows of the last day.',
    labels: ['cluster', 'meter'],
  },
  billing_held_windows: {
    kind: 'gauge',
    unit: 'none',
    help: 'Windows that wait for data before they are billed.',
    labels: ['cluster', 'meter'],
  },
  billing_windows_recorded_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Windows that this process has recorded in the ledger, by revision: first, or later for one that says something else than before.',
    labels: ['cluster', 'meter', 'revision'],
  },
  billing_conservation_error_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'GPU time of the last day for which used, idle, unavailable and system do not add up to what is installed; 0 if the books balance.',
    labels: ['cluster'],
  },
  billing_gpu_state_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the installed GPU time of the last day in each state: used, idle, unavailable, system.',
    labels: ['cluster', 'state'],
  },
  billing_unattributed_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the used GPU time of the last day that belongs to no tenant.',
    labels: ['cluster'],
  },
  billing_source_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the source answered the last questions.',
    labels: ['source', 'source_type'],
  },
  billing_source_last_success_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the source last answered.',
    labels: ['source'],
  },
  billing_source_last_error_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When a question to the source last failed; absent if none has since the start.',
    labels: ['source'],
  },
  billing_bill_problems: {
    kind: 'gauge',
    unit: 'none',
    help: 'What keeps the bill of the current period from being closed, such as an SKU without a price.',
    labels: ['tenant'],
  },
  billing_bill_overdue_since_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'End of the oldest period whose bill is not closed; absent if every past period is.',
    labels: ['tenant'],
  },
  billing_bills_closed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Bills that were closed, corrections not counted.',
    labels: ['tenant'],
  },
  billing_correction_amount_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Amounts of corrections of closed bills, by direction: charge, refund.',
    labels: ['tenant', 'currency', 'direction'],
  },
  billing_dropped_series: {
    kind: 'gauge',
    unit: 'none',
    help: 'Series that are left out or folded into other because there would be more than --metrics.max-series, by metric.',
    labels: ['metric'],
  },
  billing_leader: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if this replica meters and bills. Exactly one of several has it.',
    labels: [],
  },
  billing_store_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the database of the ledger answers.',
    labels: ['store'],
  },
});
