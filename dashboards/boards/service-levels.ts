import { cells, defineBoard } from '../board.ts';
import { sloPanels as slo } from '../panels/slo.ts';
import { clusterSlo } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-service-levels',
  title: 'Service levels',
  description:
    'What was promised, how much of the error budgets is left, and how fast do they go? Ours and those of your objectives.',
  audience: 'whoever promised something, and whoever decides what comes first',
  layers: ['platform', 'application'],
  tags: ['fleetlens', 'slo'],
  from: 'now-7d',
  variables: clusterSlo,
  next: [
    { uid: 'fleetlens-alert-quality', title: 'Alert quality', asks: 'Do alerts reach people, and are they worth it?' },
    { uid: 'fleetlens-llm-serving', title: 'LLM serving', asks: 'Are requests answered, fast enough, and for whom?' },
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
  ],
  rows: [
    { title: 'At a glance', cells: cells(8, slo.missed, slo.burning, slo.least) },
    { title: 'What is left', cells: cells(24, slo.budgets, slo.alerts) },
    { title: 'How it goes', cells: [...cells(24, slo.left), ...cells(12, slo.burn, slo.errors)] },
  ],
});
