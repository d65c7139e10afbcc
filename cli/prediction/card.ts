import { cardMarkdown } from '../../exporters/prediction/evaluation/card/card-markdown.ts';
import { modelsInUse } from './models-in-use.ts';
import { cardOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { noWords } from './words-option.ts';

/** Runs `fleetlens prediction card`. */
export function card(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(cardOptions, argv, async ({ options, words }): Promise<Answer> => {
    noWords(words);
    const { kind, horizon } = options;
    const { kinds, id } = await modelsInUse(options);
    const own = kinds[kind]?.horizons[horizon].card;
    if (own !== undefined) return { json: own, lines: cardMarkdown(own).trimEnd().split('\n') };
    const what = kind === 'gpu' ? 'GPUs' : 'nodes';
    const lines = [
      `The models ${id} were made without a history of ${what}: only priors answer for them, and there is no card.`,
    ];
    return { json: null, lines, isNothing: true };
  });
}
