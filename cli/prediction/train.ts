import { horizons } from '../../exporters/prediction/horizon.ts';
import type { ModelSet } from '../../exporters/prediction/pipeline/model-set.ts';
import { type ModelStore, openModelStore } from '../../exporters/prediction/store/models/model-store.ts';
import { SourceError } from '../../kit/errors.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { modelFolder } from './history/data-folder.ts';
import { readHistory } from './history/read-history.ts';
import { trainOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { verdictText } from './text/verdict-text.ts';
import { bullets, count } from './text/words.ts';
import { trainFleet } from './train-fleet.ts';
import { noWords } from './words-option.ts';

/** Runs `fleetlens prediction train`. */
export function train(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(
    trainOptions,
    argv,
    async ({ options, words, style, progress, signal }): Promise<Answer> => {
      noWords(words);
      const folder = modelFolder(options.data);
      const store = await openModelStore({ folder });
      if (options['roll-back']) {
        const { id } = await store.rollBack();
        return { json: { models: id }, lines: [`The models ${id} are in use again.`] };
      }
      const history = await readHistory(options, { progress, signal });
      const { set, mayReplace } = await trainFleet(history, { ...options, progress, signal });
      const running = options.force ? undefined : await readable(store);
      const verdict = running === undefined ? undefined : await mayReplace(running);
      if (verdict?.mayReplace === false) return stays(set.id, verdict.reasons, style);
      await store.swap(set);
      const { incidents, problems } = history.failures;
      return {
        json: summaryOf(set, folder),
        lines: [
          `The models ${set.id} are in use, made from ${count(incidents.length, 'incident')}; they are in ${folder}.`,
          ...verdictText(set, style),
          ...leftOut([...history.problems, ...problems], style),
        ],
      };
    },
  );
}

/** Those in use; undefined where there are none that could be used. */
async function readable(store: ModelStore): Promise<ModelSet | undefined> {
  try {
    return await store.current();
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function stays(id: string, reasons: readonly string[], style: TextStyle): Answer {
  const lines = [
    'The models in use stay: those that were made now do worse on what came since.',
    ...bullets(reasons, style),
    'With --force they are used all the same.',
  ];
  return { json: { models: id, used: false, reasons }, lines, isNothing: true };
}

function leftOut(problems: readonly string[], style: TextStyle): readonly string[] {
  if (problems.length === 0) return [];
  const more = problems.length > 10 ? [`… and ${problems.length - 10} more`] : [];
  return ['', 'Left out:', ...bullets([...problems.slice(0, 10), ...more], style)];
}

function summaryOf({ id, madeAtMs, kinds }: ModelSet, folder: string): unknown {
  const told = Object.entries(kinds).map(([kind, { horizons: own }]) => [
    kind,
    Object.fromEntries(
      horizons.map((horizon) => {
        const { layer, why, baseRate, card } = own[horizon];
        return [horizon, { layer, why, baseRate, figures: card.figures }];
      }),
    ),
  ]);
  return { models: id, used: true, made: new Date(madeAtMs).toISOString(), folder, kinds: Object.fromEntries(told) };
}
