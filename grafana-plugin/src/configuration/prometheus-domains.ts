import { t } from '@grafana/i18n';
import { billing } from '../../../metrics/billing.ts';
import { cmdb } from '../../../metrics/cmdb.ts';
import { prometheus } from '../../../metrics/external.ts';
import { gpu } from '../../../metrics/gpu.ts';
import { inference } from '../../../metrics/inference.ts';
import { prediction } from '../../../metrics/prediction.ts';
import { type Expr, promql, select } from '../../../metrics/promql.ts';
import { training } from '../../../metrics/training.ts';
import { gpuGroup } from '../../../rules/recording/gpu.ts';

/** What Prometheus may have series of. */
export interface Domain {
  readonly id: string;
  readonly name: () => string;
  /** Job of the scrape configurations that come with FleetLens. */
  readonly job?: string;
  readonly expr: Expr;
}

export const domains: readonly Domain[] = [
  {
    id: 'gpu',
    name: () => t('connections.domain.gpu', 'GPUs'),
    job: 'fleetlens-gpu',
    expr: promql`count(${gpu.gpu_up})`,
  },
  {
    id: 'training',
    name: () => t('connections.domain.training', 'Training runs'),
    job: 'fleetlens-training',
    expr: promql`count(${training.training_run_info})`,
  },
  {
    id: 'inference',
    name: () => t('connections.domain.inference', 'LLM serving'),
    job: 'fleetlens-inference',
    expr: promql`count(${inference.inference_active_connections})`,
  },
  {
    id: 'cmdb',
    name: () => t('connections.domain.cmdb', 'Inventory'),
    job: 'fleetlens-cmdb',
    expr: promql`count(${cmdb.cmdb_ci_info})`,
  },
  {
    id: 'billing',
    name: () => t('connections.domain.billing', 'Billing'),
    job: 'fleetlens-billing',
    expr: promql`count(${billing.billing_period_elapsed_ratio})`,
  },
  {
    id: 'prediction',
    name: () => t('connections.domain.prediction', 'Failure prediction'),
    job: 'fleetlens-prediction',
    expr: promql`count(${prediction.prediction_failure_probability})`,
  },
  {
    id: 'rules',
    name: () => t('connections.domain.rules', 'Recording rules'),
    expr: promql`count(${gpuGroup.series['cluster:gpu_up:sum']})`,
  },
];

/** Targets of our jobs, by whether their last scrape succeeded. */
export const targets = promql`count by (job) (${select(prometheus.up, { job: { re: 'fleetlens-.+' } })} == 1)`;
export const targetsDown = promql`count by (job) (${select(prometheus.up, { job: { re: 'fleetlens-.+' } })} == 0)`;
