import type { Metric } from '../../metrics/define.ts';
import type { RecordedFields, RecordingGroup } from '../recording.ts';
import { alertsGroup } from './alerts.ts';
import { anomalyHistoryGroup } from './anomaly-history.ts';
import { anomalyNodesGroup } from './anomaly-nodes.ts';
import { anomalyReplicasGroup } from './anomaly-replicas.ts';
import { anomalyScoreGroup } from './anomaly-score.ts';
import { billingGroup } from './billing.ts';
import { billingLongTermGroup } from './billing-long-term.ts';
import { billingScoreGroup } from './billing-score.ts';
import { billingSlowGroup } from './billing-slow.ts';
import { compatRecordings } from './compat.ts';
import { fleetlensGroup } from './fleetlens.ts';
import { gpuGroup } from './gpu.ts';
import { gpuJobsGroup } from './gpu-jobs.ts';
import { gpuLinkSumsGroup } from './gpu-link-sums.ts';
import { gpuSlowGroup } from './gpu-slow.ts';
import { inferenceGroup } from './inference.ts';
import { inferenceQuantileGroup } from './inference-quantiles.ts';
import { kubernetesGroup } from './kubernetes.ts';
import { kubernetesGpuSumsGroup } from './kubernetes-gpu-sums.ts';
import { nodeGroup } from './node.ts';
import { nodeRacksGroup } from './node-racks.ts';
import { predictionBandsGroup } from './prediction-bands.ts';
import { predictionPeersGroup } from './prediction-peers.ts';
import { predictionScoreGroup } from './prediction-score.ts';
import { predictionSlowGroup } from './prediction-slow.ts';
import { predictionSpreadGroup } from './prediction-spread.ts';
import { sloGroup } from './slo.ts';
import { sloCollectionAvailabilityGroup } from './slo-collection-availability.ts';
import { sloGpuAvailabilityGroup } from './slo-gpu-availability.ts';
import { sloNodeAvailabilityGroup } from './slo-node-availability.ts';
import { sloSlowGroup } from './slo-slow.ts';
import { sloTrainingGoodputGroup } from './slo-training-goodput.ts';
import { trainingGroup } from './training.ts';
import { trainingGpusGroup } from './training-gpus.ts';

/** Every group of recording rules, in the order of the reference. */
export const recordingGroups: readonly RecordingGroup[] = [
  gpuGroup,
  gpuSlowGroup,
  gpuLinkSumsGroup,
  gpuJobsGroup,
  trainingGroup,
  trainingGpusGroup,
  inferenceGroup,
  inferenceQuantileGroup,
  sloGroup,
  sloSlowGroup,
  sloGpuAvailabilityGroup,
  sloNodeAvailabilityGroup,
  sloTrainingGoodputGroup,
  sloCollectionAvailabilityGroup,
  billingGroup,
  billingSlowGroup,
  billingScoreGroup,
  billingLongTermGroup,
  predictionPeersGroup,
  predictionSpreadGroup,
  predictionScoreGroup,
  predictionSlowGroup,
  predictionBandsGroup,
  alertsGroup,
  fleetlensGroup,
  kubernetesGroup,
  kubernetesGpuSumsGroup,
  nodeGroup,
  nodeRacksGroup,
  anomalyHistoryGroup,
  anomalyScoreGroup,
  anomalyReplicasGroup,
  anomalyNodesGroup,
  compatRecordings,
];

/** Every recorded series by name, as `catalogue` is for emitted ones. What several objectives record has the labels of the first. */
export const recorded: ReadonlyMap<string, Metric & RecordedFields> = new Map(
  recordingGroups.flatMap(({ series }) => Object.entries(series)).reverse(),
);
