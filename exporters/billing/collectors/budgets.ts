import { type BillingCollector, bounded } from './billing-collector.ts';

export const budgetsCollector: BillingCollector = {
  name: 'budgets',
  collect: ({ budgets, maxSeries }, { emit }) => {
    const { shown, dropped } = bounded(budgets, maxSeries);
    for (const report of shown) {
      const { budget, tenant = '', costCentre = '', currency } = report;
      const labels = { budget, tenant, cost_centre: costCentre };
      emit('billing_budget_amount', { ...labels, currency }, Number(report.amount));
      emit('billing_budget_cost', { ...labels, currency }, Number(report.cost));
      emit('billing_budget_used_ratio', labels, report.usedRatio);
      emit('billing_budget_elapsed_ratio', labels, report.elapsedRatio);
      for (const { method, ...ratios } of report.forecastRatios) {
        emit('billing_budget_forecast_ratio', { ...labels, method, estimate: 'expected' }, ratios.expected);
        emit('billing_budget_forecast_ratio', { ...labels, method, estimate: 'low' }, ratios.low);
        emit('billing_budget_forecast_ratio', { ...labels, method, estimate: 'high' }, ratios.high);
      }
      const highest = report.steps.findLast(({ isReached }) => isReached);
      for (const step of report.steps)
        emit('billing_budget_step_reached', { ...labels, step: String(step.at) }, step === highest ? 1 : 0);
    }
    emit('billing_dropped_series', { metric: 'billing_budget_used_ratio' }, dropped);
  },
};
