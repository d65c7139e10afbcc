import type { HorizonModels } from '../../exporters/prediction/pipeline/model-set.ts';
import { painted, type TextStyle } from '../training-inspect/text/style.ts';
import { readHistory } from './history/read-history.ts';
import { evaluateOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { budgetPlot, triedTable } from './text/figure-text.ts';
import { reliabilityPlot } from './text/reliability-plot.ts';
import { layerNames } from './text/verdict-text.ts';
import { bullets, paragraph } from './text/words.ts';
import { trainFleet } from './train-fleet.ts';
import { noWords } from './words-option.ts';

/** Runs `fleetlens prediction evaluate`. */
export function evaluate(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(evaluateOptions, argv, async ({ options, words, style, progress, signal }) => {
    noWords(words);
    const { kind, horizon } = options;
    const history = await readHistory(options, { progress, signal });
    const { kinds } = await trainFleet(history, { ...options, progress, signal }, { alwaysTry: true });
    const own = kinds[options.csv === undefined ? kind : options['csv.kind']]?.horizons[horizon];
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
