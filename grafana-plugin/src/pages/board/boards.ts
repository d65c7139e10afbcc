import costAndUsage from '../../../../dashboards/generated/cost-and-usage.json';
import failureRisk from '../../../../dashboards/generated/failure-risk.json';
import gpuFleet from '../../../../dashboards/generated/gpu-fleet.json';
import inventory from '../../../../dashboards/generated/inventory.json';
import llmServing from '../../../../dashboards/generated/llm-serving.json';
import serviceLevels from '../../../../dashboards/generated/service-levels.json';
import trainingRuns from '../../../../dashboards/generated/training-runs.json';
import type { ClassicBoard } from '../../scenes/classic-board';

/** All boards that come with the app. */
export const boards: readonly ClassicBoard[] = [
  costAndUsage,
  failureRisk,
  gpuFleet,
  inventory,
  llmServing,
  serviceLevels,
  trainingRuns,
];
