import alertQuality from '../../../../dashboards/generated/alert-quality.json';
import costAndUsage from '../../../../dashboards/generated/cost-and-usage.json';
import failureRisk from '../../../../dashboards/generated/failure-risk.json';
import gpuDetail from '../../../../dashboards/generated/gpu-detail.json';
import gpuFleet from '../../../../dashboards/generated/gpu-fleet.json';
import gpuLinks from '../../../../dashboards/generated/gpu-links.json';
import inventory from '../../../../dashboards/generated/inventory.json';
import llmServing from '../../../../dashboards/generated/llm-serving.json';
import nodeAndPlatform from '../../../../dashboards/generated/node-and-platform.json';
import self from '../../../../dashboards/generated/self.json';
import serviceLevels from '../../../../dashboards/generated/service-levels.json';
import trainingRuns from '../../../../dashboards/generated/training-runs.json';
import type { ClassicBoard } from '../../scenes/classic-board';

/** All boards that come with the app. */
export const boards: readonly ClassicBoard[] = [
  alertQuality,
  costAndUsage,
  failureRisk,
  gpuDetail,
  gpuFleet,
  gpuLinks,
  inventory,
  llmServing,
  nodeAndPlatform,
  self,
  serviceLevels,
  trainingRuns,
];
