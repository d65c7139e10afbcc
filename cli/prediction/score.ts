import { expectedFailures } from '../../exporters/prediction/risk/expected-failures.ts';
import { likeliestFirst } from '../../exporters/prediction/serving/rank.ts';
import { readHistory } from './history/read-history.ts';
import { modelsInUse } from './models-in-use.ts';
import { scoreOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { scoreHistory } from './score-history.ts';
import { riskList } from './text/risk-list.ts';
import { count, figure, moment, paragraph } from './text/words.ts';
import { noWords } from './words-option.ts';

/** Runs `fleetlens prediction score`. */
export function score(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(
    scoreOptions,
    argv,
    async ({ options, words, style, progress, signal }): Promise<Answer> => {
      noWords(words);
      const { horizon, limit } = options;
      const kind = options.csv === undefined ? options.kind : options['csv.kind'];
      const models = await modelsInUse(options);
      const history = await readHistory(options, { progress, signal });
      const { risks, atMs } = scoreHistory(models, history);
      const own = likeliestFirst(
        risks.filter(({ entity }) => entity.kind === kind),
        horizon,
      );
      if (own.length === 0)
        return {
          json: { risks: [] },
          lines: [`The history has no ${kind === 'gpu' ? 'GPUs' : 'nodes'}.`],
          isNothing: true,
        };
      const inService = own.filter(({ isOut }) => isOut !== true);
      const { expected, low, high } = expectedFailures(inService.map(({ probability }) => probability[horizon]));
      const sum = `${count(own.length, kind === 'gpu' ? 'GPU' : 'node')} as of ${moment(atMs)}, models ${models.id}: ${figure(expected)} failures to expect within ${horizon} (${low} to ${high} in nine of ten cases).`;
      return {
        json: {
          models: models.id,
          at: new Date(atMs).toISOString(),
          horizon,
          expected: { expected, low, high },
          risks: own.slice(0, limit),
        },
        lines: [
          ...paragraph(sum, style),
          ...riskList(own.slice(0, limit), horizon, style),
          ...rest(own.length - limit),
        ],
      };
    },
  );
}

function rest(many: number): readonly string[] {
  return many > 0 ? [`and ${count(many, 'more')}`.replace('mores', 'more')] : [];
}
