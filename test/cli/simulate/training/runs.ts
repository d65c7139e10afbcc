import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedFramework } from '../../../../cli/simulate/training/simulated-frameworks.ts';
import { type SimulatedRun, simulatedRuns } from '../../../../cli/simulate/training/simulated-run.ts';

/** Unix time at which the simulations of these tests begin. */
export const startedSeconds = 1_700_000_000.25;

/** The first run of the first node, as the scenario makes it. */
export function firstRun(scenario: string, { seed = 1, gpus = 8 } = {}): SimulatedRun {
  const [run] = simulatedRuns({ seed, nodes: 1, gpus, scenario });
  if (run === undefined) throw new Error('a fleet without training');
  return run;
}

/** A healthy run of this framework, or the struck one if a scenario is given. */
export function runOf(framework: SimulatedFramework, scenario = 'healthy'): SimulatedRun {
  const run = [1, 2, 3, 4].map((seed) => firstRun(scenario, { seed })).find((each) => each.framework === framework);
  if (run === undefined) throw new Error(`no first run with ${framework}`);
  return run;
}

/** Contents by path of all files below a folder. */
export function filesBelow(folder: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}
