import { cells, defineBoard } from '../board.ts';
import { predictionPanels as risk } from '../panels/prediction.ts';
import { predictionAnomalyPanels as anomalies } from '../panels/prediction-anomaly.ts';
import { predictionEvidencePanels as evidence } from '../panels/prediction-evidence.ts';
import { predictionServicePanels as service } from '../panels/prediction-service.ts';
import { clusterNodeAtRisk } from '../variables.ts';

export default defineBoard({
  uid: 'fleetlens-failure-risk',
  title: 'Failure risk',
  description: 'Which GPU is next, why, how sure is that, and what is unusual? Probabilities with their record.',
  audience: 'whoever plans maintenance and spare parts',
  layers: ['physical', 'GPU'],
  tags: ['fleetlens', 'prediction'],
  from: 'now-7d',
  variables: clusterNodeAtRisk,
  next: [
    { uid: 'fleetlens-gpu-detail', title: 'GPU detail', asks: 'What does one GPU do, who has it, and is it sound?' },
    {
      uid: 'fleetlens-gpu-links',
      title: 'NVLink and PCIe',
      asks: 'Are the links between GPUs and to their hosts sound?',
    },
    {
      uid: 'fleetlens-inventory',
      title: 'Inventory and drift',
      asks: 'Where is it, whose is it, and is it as it should be?',
    },
    { uid: 'fleetlens-node-and-platform', title: 'Node and platform', asks: 'Are the machines under the GPUs well?' },
    { uid: 'fleetlens-gpu-fleet', title: 'GPU fleet', asks: 'Are all GPUs there, healthy, cool and busy?' },
  ],
  rows: [
    {
      title: 'At a glance',
      cells: [
        ...cells(4, risk.likely, risk.actNow, risk.nextWindow),
        ...cells(8, risk.expectedNow),
        ...cells(4, risk.unforeseeable),
      ],
    },
    { title: 'What needs attention', cells: cells(12, risk.alerts, risk.rules) },
    { title: 'Who is next, and why', cells: [...cells(24, risk.next, risk.signs), ...cells(24, risk.nodes)] },
    {
      title: 'The fleet',
      collapsed: true,
      cells: [...cells(6, risk.watched), ...cells(12, risk.expectation, risk.median, risk.layers)],
    },
    {
      title: 'How good is it?',
      cells: cells(6, evidence.precision, evidence.recall, evidence.lead, evidence.skill),
    },
    {
      title: 'The record in detail',
      collapsed: true,
      cells: [
        ...cells(24, evidence.figures),
        ...cells(12, evidence.calibration, evidence.outcome, evidence.promotion, evidence.drift),
        ...cells(6, evidence.age, evidence.incidents),
      ],
    },
    {
      title: 'Anomalies',
      cells: [...cells(24, anomalies.unusual), ...cells(8, anomalies.fleet, anomalies.reports, anomalies.warm)],
    },
    {
      title: 'Prediction service',
      collapsed: true,
      cells: [
        ...cells(6, service.runAge, service.sourcesDown, service.nextTraining, service.dropped),
        ...cells(8, service.progress, service.durations, service.scrapes),
      ],
    },
  ],
});
