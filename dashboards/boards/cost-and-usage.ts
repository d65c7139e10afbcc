import { cells, defineBoard } from '../board.ts';
import { billingPanels as money } from '../panels/billing.ts';
import { billingMeteringPanels as metering } from '../panels/billing-metering.ts';
import { billingUsagePanels as usage } from '../panels/billing-usage.ts';
import { clusterTenant } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-cost-and-usage',
  title: 'Cost and usage',
  description:
    'What does it cost, whom, will the budget last, and is everything metered? From all tenants down to one.',
  audience: 'platform owners who bill tenants, and tenants who pay',
  layers: ['platform', 'application'],
  tags: ['fleetlens', 'billing'],
  from: 'now-30d',
  variables: clusterTenant,
  next: [
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-training-runs', title: 'Training runs', asks: 'Do the runs learn, and what holds them up?' },
    { uid: 'fleetlens-llm-serving', title: 'LLM serving', asks: 'Are requests answered, fast enough, and for whom?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: [
        ...cells(6, money.cost, money.forecast, usage.idle, usage.unattributed),
        ...cells(4, money.budgetsExceeded, money.overdue, money.problems, metering.behind, metering.held),
        ...cells(4, metering.conservation),
      ],
    },
    { title: 'What needs attention', cells: cells(12, money.alerts, usage.anomalies) },
    {
      title: 'Chosen tenants',
      cells: [...cells(24, money.tenants), ...cells(12, money.daily, money.resources), ...cells(24, money.kinds)],
    },
    {
      title: 'Budgets and quotas',
      cells: [...cells(24, money.budgets), ...cells(12, money.budgetCurve, usage.quotas)],
    },
    {
      title: 'Usage',
      cells: [
        ...cells(12, usage.byModel, usage.states),
        ...cells(12, usage.models, usage.meters),
        ...cells(6, usage.unavailable, usage.corrections),
        ...cells(12, usage.reversed),
      ],
    },
    {
      title: 'Metering',
      collapsed: true,
      cells: [
        ...cells(6, metering.coverage),
        ...cells(24, metering.meters),
        ...cells(12, metering.sources, metering.recorded),
      ],
    },
    {
      title: 'Daemon of billing',
      collapsed: true,
      cells: [
        ...cells(6, metering.daemonsDown, metering.leaders, metering.storesDown, metering.dropped),
        ...cells(8, metering.closed, metering.collectors, metering.scrapes),
      ],
    },
  ],
});
