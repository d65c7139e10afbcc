import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { plantedFailures } from '../simulate/prediction/fleet-history.ts';
import { type FleetPlan, hasShown } from '../simulate/prediction/fleet-plan.ts';
import { planFleet } from '../simulate/prediction/plan-fleet.ts';
import { simulatedTable } from '../simulate/prediction/simulated-table.ts';
import { ticketCsv, truthCsv, writeFeatureCsv } from '../simulate/prediction/write-csv.ts';
import { painted } from '../training-inspect/text/style.ts';
import { simulateOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { noWords } from './words-option.ts';

const gpusPerNode = 8;
/** The same dates always, so that the same seed gives the same files. */
const fromMs = Date.UTC(2026, 0, 1);

/** Runs `fleetlens prediction simulate`. */
export function simulate(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(simulateOptions, argv, async ({ options, words, style, progress, signal }) => {
    noWords(words);
    const { gpus, days, seed, out } = options;
    const plan = planFleet({
      seed,
      gpus,
      gpusPerNode,
      fromMs,
      days,
      failuresPerYear: 3,
      shownShare: options.signs / 100,
      repeatShare: options.signs === 0 ? 0 : 0.2,
    });
    progress.wait(`simulating ${gpus} GPUs for ${days} days`);
    const table = simulatedTable(plan);
    signal.throwIfAborted();
    const history = join(out, 'history.csv');
    const tickets = join(out, 'failures.csv');
    const truth = join(out, 'truth.csv');
    try {
      await mkdir(out, { recursive: true });
      await writeFeatureCsv(table, history);
      await writeFile(tickets, ticketCsv(plan));
      await writeFile(truth, truthCsv(plan));
    } catch (error) {
      throw new ConfigError(`--out ${out} cannot be written: ${reasonOf(error)}`);
    }
    return answerOf(plan, { rows: table.atMs.length, history, tickets, truth }, (text) => painted(text, 'bold', style));
  });
}

interface Written {
  readonly rows: number;
  readonly history: string;
  readonly tickets: string;
  readonly truth: string;
}

function answerOf(plan: FleetPlan, written: Written, bold: (text: string) => string): Answer {
  const failures = plantedFailures(plan);
  const shown = failures.filter(({ cause }) => hasShown(cause)).length;
  const columns = '--csv.entity=uuid --csv.node=node --csv.cluster=cluster';
  const from = `--csv=${written.history} --tickets=${written.tickets} ${columns}`;
  return {
    json: { ...written, gpus: plan.gpus.length, failures: failures.length, with_signs: shown },
    lines: [
      `${written.history}  ${written.rows.toLocaleString('en')} rows of ${plan.gpus.length} GPUs`,
      `${written.tickets}  ${failures.length} failures, as people would have noted them`,
      `${written.truth}  the same with their causes: ${shown} showed signs before`,
      '',
      bold('What can be foreseen of them?'),
      `fleetlens prediction evaluate ${from} --alerts=3`,
    ],
  };
}
