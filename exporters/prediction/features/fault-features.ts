import type { Feature } from './feature-spec.ts';

/** A sign may be stamped so much later than the sample that shows it, so faults count from then on. */
const lagMs = 5 * 60_000;
/** Stands for never, too. */
const capDays = 200;

/** What happened to it before, and what happened to its node. */
export const faultFeatures: readonly Feature[] = [
  { is: 'faults', name: 'faults_7d', whose: 'own', which: 'incidents', as: 'count', window: '7d', lagMs },
  { is: 'faults', name: 'faults_30d', whose: 'own', which: 'incidents', as: 'count', window: '30d', lagMs },
  { is: 'faults', name: 'faults_90d', whose: 'own', which: 'incidents', as: 'count', window: '90d', lagMs },
  { is: 'faults', name: 'days_since_fault', whose: 'own', which: 'incidents', as: 'since', capDays, lagMs },
  { is: 'faults', name: 'warnings_30d', whose: 'own', which: 'raised', as: 'count', window: '30d', lagMs },
  { is: 'faults', name: 'days_since_warning', whose: 'own', which: 'raised', as: 'since', capDays, lagMs },
];

export const nodeFaultFeatures: readonly Feature[] = [
  { is: 'faults', name: 'node_faults_30d', whose: 'node', which: 'incidents', as: 'count', window: '30d', lagMs },
  { is: 'faults', name: 'days_since_node_fault', whose: 'node', which: 'incidents', as: 'since', capDays, lagMs },
];

export const lifeFeatures: readonly Feature[] = [
  { is: 'life', name: 'age_days', as: 'since_install', capDays: 3650 },
  { is: 'life', name: 'days_since_repair', as: 'since_repair', capDays },
  { is: 'life', name: 'repairs_year', as: 'repairs', capDays: 365 },
  { is: 'life', name: 'days_since_move', as: 'since_move', capDays },
];
