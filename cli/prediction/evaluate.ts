import type { EntityKind } from '../../exporters/prediction/entity.ts';
import type { Horizon } from '../../exporters/prediction/horizon.ts';
import { modelKinds } from '../../exporters/prediction/learning/settings.ts';
import type { HorizonModels } from '../../exporters/prediction/pipeline/model-set.ts';
import { painted, type TextStyle } from '../training-inspect/text/style.ts';
import type { FleetHistory } from './history/fleet-history.ts';
import { readHistory } from './history/read-history.ts';
import { evaluateOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { budgetPlot, triedTable } from './text/figure-text.ts';
import { reliabilityPlot } from './text/reliability-plot.ts';
import { layerNames } from './text/verdict-text.ts';
import { bullets, paragraph } from './text/words.ts';
import { type FleetTraining, trainFleet } from './train-fleet.ts';
import { noWords } from './words-option.ts';

/** Runs `fleetlens prediction evaluate`. */
export function evaluate(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(evaluateOptions, argv, async ({ options, words, style, progress, signal }) => {
    noWords(words);
    const { horizon } = options;
    const kind = options.csv === undefined ? options.kind : options['csv.kind'];
    const history = await readHistory(options, { progress, signal });
    const own = await evaluated(history, { kind, horizon }, { ...options, progress, signal });
    if (own === undefined) return nothing(`The history has no ${kind === 'gpu' ? 'GPUs' : 'nodes'}.`);
    if (own.tried.length === 0)
      return nothing(
        `The history is too short to judge predictions of ${horizon}; take a shorter --horizon or a longer history.`,
      );
    const { tried, layer, why, card } = own;
    return {
      json: { horizon, layer, why, tried, precursors: card.precursors, limits: card.limits },
      lines: report(own, style),
    };
  });
}

/** Only what is asked for is tried. */
async function evaluated(
  history: FleetHistory,
  { kind, horizon }: { readonly kind: EntityKind; readonly horizon: Horizon },
  training: FleetTraining,
): Promise<HorizonModels | undefined> {
  const table = history.tables[kind];
  if (table === undefined) return undefined;
  const only = { ...history, tables: { [kind]: table } };
  const { set } = await trainFleet(only, training, { candidates: modelKinds, alwaysTry: true, tryFor: [horizon] });
  return set.kinds[kind]?.horizons[horizon];
}

function nothing(sentence: string): Answer {
  return { json: { tried: [] }, lines: [sentence], isNothing: true };
}

function report({ horizon, tried, layer, why, card }: HorizonModels, style: TextStyle): readonly string[] {
  const plot = reliabilityPlot(card.figures.reliability, style);
  return [
    painted(`Predictions of ${horizon}, each from what was known before`, 'bold', style),
    ...triedTable(tried, style),
    '',
    ...paragraph(`Used would be: ${layerNames[layer]}.`, style),
    ...bullets(why, style),
    '',
    ...budgetPlot(card.figures, style),
    ...(plot.length === 0 ? [] : ['', ...plot]),
    '',
    painted('What it does not know', 'bold', style),
    ...bullets(card.limits, style),
  ];
}
