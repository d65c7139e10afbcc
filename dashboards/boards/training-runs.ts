import { cells, defineBoard } from '../board.ts';
import { trainingPanels as runs } from '../panels/training.ts';
import { trainingExporterPanels as exporter } from '../panels/training-exporter.ts';
import { trainingGpuPanels as gpus } from '../panels/training-gpus.ts';
import { trainingLearningPanels as learning } from '../panels/training-learning.ts';
import { trainingRankPanels as ranks } from '../panels/training-ranks.ts';
import { trainingSpeedPanels as speed } from '../panels/training-speed.ts';
import { clusterRun } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-training-runs',
  title: 'Training runs',
  description: 'Do the runs learn, how fast, and what holds them up? From all runs down to the ranks and GPUs of one.',
  audience: 'ML engineers and whoever helps them',
  layers: ['application', 'GPU'],
  tags: ['fleetlens', 'training'],
  from: 'now-6h',
  variables: clusterRun,
  next: [
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
    { uid: 'fleetlens-gpu-detail', title: 'GPU detail', asks: 'What does one GPU do, who has it, and is it sound?' },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-cost-and-usage', title: 'Cost and usage', asks: 'What does it cost, and whom?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: cells(4, runs.training, runs.stalled, runs.failed, runs.nonFinite, runs.goodput, runs.tokens),
    },
    { title: 'What needs attention', cells: cells(12, runs.alerts, runs.phases) },
    { title: 'Runs', cells: cells(24, runs.runs) },
    {
      title: 'Learning of the chosen runs',
      cells: cells(12, learning.loss, learning.evalLoss, learning.learningRate, learning.gradNorm),
    },
    {
      title: 'Speed of the chosen runs',
      cells: [
        ...cells(12, speed.tokens, speed.steps, speed.mfu, speed.phases),
        ...cells(12, speed.goodput, speed.badput, speed.checkpoints, speed.setbacks),
      ],
    },
    {
      title: 'Ranks of the chosen runs',
      collapsed: true,
      cells: [...cells(12, ranks.slowest, ranks.spread), ...cells(24, ranks.scores)],
    },
    {
      title: 'GPUs of the chosen runs',
      collapsed: true,
      cells: [...cells(12, gpus.utilization, gpus.power, gpus.temperature, gpus.xids), ...cells(24, gpus.gpus)],
    },
    {
      title: 'Details of the chosen runs',
      collapsed: true,
      cells: [
        ...cells(12, learning.trouble, learning.lossScale, speed.memory, speed.wastedSteps),
        ...cells(24, runs.where),
      ],
    },
    {
      title: 'Training exporters',
      collapsed: true,
      cells: [
        ...cells(6, exporter.exportersDown, exporter.files, exporter.unread, exporter.poll),
        ...cells(8, exporter.records, exporter.errors, exporter.dropped),
      ],
    },
  ],
});
