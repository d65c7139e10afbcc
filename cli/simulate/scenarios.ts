import { type ScenarioName, scenarioNames, scenarios } from '../../exporters/gpu/sources/simulated/scenarios.ts';
import { isTrainingScenario, trainingScenarios } from './training/scenarios.ts';

export { type ScenarioName, scenarioNames };

/** What a scenario does to the simulated cluster, in one sentence: the cause, where several parts show an effect. */
export function aboutScenario(name: ScenarioName): string {
  return isTrainingScenario(name) ? trainingScenarios[name].about : scenarios[name].about;
}
