import type { InferenceCollector } from './inference-collector.ts';

export const tenantsCollector: InferenceCollector = {
  name: 'tenants',
  collect: ({ proxy }, { emit }) => {
    for (const { tenant, waiting, budgets } of proxy?.tenants ?? []) {
      // Which model they wait for matters to nobody: the limit is one of the tenant.
      emit('inference_requests_waiting', { engine_kind: 'proxy', model_name: '', tenant }, waiting);
      for (const { period, limit, used } of budgets) {
        emit('inference_token_budget_tokens', { tenant, period }, limit);
        emit('inference_token_budget_used_tokens', { tenant, period }, used);
      }
    }
  },
};
