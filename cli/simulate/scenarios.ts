import { type ScenarioName, scenarioNames, scenarios } from '../../exporters/gpu/sources/simulated/scenarios.ts';
import { inferenceScenarios, isInferenceScenario } from './inference/scenarios.ts';
import { isTrainingScenario, trainingScenarios } from './training/scenarios.ts';

export { type ScenarioName, scenarioNames };

/** What a scenario does to the simulated cluster, in one sentence: the cause, where several parts show an effect. */
export function aboutScenario(name: ScenarioName): string {
  if (isTrainingScenario(name)) return trainingScenarios[name].about;
  return isInferenceScenario(name) ? inferenceScenarios[name].about : scenarios[name].about;
}
