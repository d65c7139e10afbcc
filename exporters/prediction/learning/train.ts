import { boost } from './boost.ts';
import { checkTraining } from './check-matrix.ts';
import { growForest } from './forest.ts';
import { fitLogistic } from './logistic/fit-logistic.ts';
import type { LabelledMatrix } from './matrix.ts';
import type { ModelBody } from './model-body.ts';
import { keepNegatives } from './negatives.ts';
import { type Allocate, binAll, workspaceFor } from './prepare.ts';
import { createRandom } from './random.ts';
import { readSettings } from './read-settings.ts';
import type { BoostedSettings, ForestSettings, LearnerSettings, LogisticSettings } from './settings.ts';
import { type Crew, soloCrew } from './trees/column-task.ts';
import type { Workspace } from './trees/workspace.ts';

export interface TrainingInput {
  readonly matrix: LabelledMatrix;
  /** Rows of a later time, looked at only by settings with `patienceTrees`. */
  readonly validation?: LabelledMatrix | undefined;
  readonly settings: LearnerSettings;
  /** A whole number of 32 bits. The same seed and input give the same model, bit by bit. */
  readonly seed: number;
}

interface Prepared {
  /** Without the quiet rows that are left out. */
  readonly matrix: LabelledMatrix;
  readonly validation: LabelledMatrix | undefined;
  /** Added to the log-odds for the quiet rows that were left out. */
  readonly correction: number;
  readonly seed: number;
}

/** Checked, quiet rows chosen, and room made for the trees: what threads share. */
export type Preparation =
  | (Prepared & { readonly settings: LogisticSettings; readonly workspace?: undefined })
  | (Prepared & { readonly settings: BoostedSettings | ForestSettings; readonly workspace: Workspace });

/** So that which rows are left out has nothing to do with the draws of the learner. */
const negativesSalt = 0x5bd1e995;

/** Throws ConfigError for settings out of bounds, SourceError for rows that nothing can be learned from. */
export function prepareTraining(
  { matrix: all, validation, settings: asked, seed }: TrainingInput,
  allocate: Allocate = (bytes) => new ArrayBuffer(bytes),
): Preparation {
  checkTraining(all, validation);
  const settings = readSettings({ value: asked, where: 'settings' }, all.columns);
  const { matrix, correction } = keepNegatives(
    all,
    settings.negativeShare,
    createRandom(seed ^ negativesSalt),
    allocate,
  );
  const prepared = { matrix, validation, correction, seed };
  if (settings.kind === 'logistic') return { ...prepared, settings };
  return { ...prepared, settings, workspace: workspaceFor(matrix, settings, seed, allocate) };
}

export interface LearnOptions {
  readonly crew?: Crew | undefined;
  /** Is told how many trees there are after each; may throw to end it. */
  readonly onTree?: ((trees: number) => void) | undefined;
}

export function learn(preparation: Preparation, { crew, onTree = () => undefined }: LearnOptions = {}): ModelBody {
  const { matrix, validation, correction, seed } = preparation;
  if (preparation.workspace === undefined) return fitLogistic(matrix, preparation.settings, correction);
  const { workspace, settings } = preparation;
  const grower = { workspace, room: new Int32Array(matrix.rows), crew: crew ?? soloCrew(workspace) };
  binAll(workspace, grower.crew);
  const input = { matrix, correction, random: createRandom(seed), onTree };
  return settings.kind === 'forest'
    ? growForest(grower, { ...input, settings })
    : boost(grower, { ...input, settings, validation });
}

/** Trains in this thread; with many rows that takes seconds. */
export function train(input: TrainingInput): ModelBody {
  return learn(prepareTraining(input));
}
