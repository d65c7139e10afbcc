import { keyOfEntity } from '../../exporters/prediction/entity.ts';
import { similarIncidents } from '../../exporters/prediction/pipeline/similar-incidents.ts';
import type { Risk } from '../../exporters/prediction/risk/risk.ts';
import { ConfigError } from '../../kit/errors.ts';
import { nearest } from '../../kit/options/nearest.ts';
import { cut } from '../../kit/options/preview.ts';
import { readHistory } from './history/read-history.ts';
import { modelsInUse } from './models-in-use.ts';
import { explainOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { scoreHistory } from './score-history.ts';
import { explanationText } from './text/explanation-text.ts';
import { nameOf } from './text/risk-list.ts';

/** Runs `fleetlens prediction explain`. */
export function explain(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(
    explainOptions,
    argv,
    async ({ options, words, style, progress, signal }): Promise<Answer> => {
      const [name] = words;
      if (name === undefined || words.length > 1)
        throw new ConfigError('name one GPU by its UUID, or one node; fleetlens prediction score lists them');
      const models = await modelsInUse(options);
      const history = await readHistory(options, { progress, signal });
      const { risks } = scoreHistory(models, history);
      const risk = find(risks, name);
      if (risk === undefined) return unknown(risks, name);
      const events = history.failures.events.filter(({ entity }) => keyOfEntity(entity) === keyOfEntity(risk.entity));
      const similar = similarIncidents(models, risk, events);
      return {
        json: { models: models.id, risk, similar },
        lines: explanationText(risk, similar, options.horizon, style),
      };
    },
  );
}

/** By its name, or by its key where clusters have the same names. */
function find(risks: readonly Risk[], name: string): Risk | undefined {
  return risks.find(({ entity }) => keyOfEntity(entity) === name || nameOf(entity) === name);
}

function unknown(risks: readonly Risk[], name: string): Answer {
  const guess = nearest(
    name,
    risks.map(({ entity }) => nameOf(entity)),
  );
  const hint = guess === undefined ? 'fleetlens prediction score lists those that have' : `did you mean ${guess}?`;
  return {
    json: { risk: null },
    lines: [`${cut(name)} has no row in the last day of the history; ${hint}`],
    isNothing: true,
  };
}
