import { matrixOf } from '../evaluation/scorers/learned-scorer.ts';
import type { LaterScorer } from '../evaluation/scorers/scorer.ts';
import { labelOf } from '../labels/incident.ts';
import { learnerOf } from '../learning/learner-of.ts';
import { type LabelledMatrix, probabilityOf } from '../learning/matrix.ts';
import type { ModelBody } from '../learning/model-body.ts';
import {
  boostedDefaults,
  forestDefaults,
  type LearnerSettings,
  logisticDefaults,
  type ModelKind,
} from '../learning/settings.ts';
import type { TrainingInput } from '../learning/train.ts';

/** More quiet rows than these tell nothing new, and cost time; probabilities are put right for those that are left out. */
const mostQuiet = 200_000;

const defaults: Readonly<Record<ModelKind, LearnerSettings>> = {
  boosted: boostedDefaults,
  forest: forestDefaults,
  logistic: logisticDefaults,
};

export interface CandidateDeps {
  readonly kind: ModelKind;
  readonly seed: number;
  readonly train: (input: TrainingInput) => Promise<ModelBody>;
}

/** Fixed but for the share of quiet rows; nothing is tuned on a fleet. */
export function settingsFor(kind: ModelKind, { labels }: LabelledMatrix): LearnerSettings {
  const quiet = labels.length - failedOf(labels);
  return { ...defaults[kind], negativeShare: Math.min(1, mostQuiet / Math.max(1, quiet)) };
}

/** A learner as a scorer. It learns nothing unless some rows failed and some did not. */
export function learnedCandidate({ kind, seed, train }: CandidateDeps): LaterScorer {
  return {
    name: kind,
    fit: async (past) => {
      const matrix = matrixOf(past);
      if (!canLearn(matrix)) return undefined;
      const { values, schema } = past.table;
      const columns = schema.names.length;
      const learner = learnerOf(await train({ matrix, settings: settingsFor(kind, matrix), seed }), columns);
      return (rows) => Float64Array.from(rows, (row) => probabilityOf(learner.logOdds(values, row * columns)));
    },
  };
}

export function canLearn({ labels }: LabelledMatrix): boolean {
  const failed = failedOf(labels);
  return failed > 0 && failed < labels.length;
}

function failedOf(labels: Uint8Array): number {
  return labels.reduce((count, label) => count + (label === labelOf.failed ? 1 : 0), 0);
}
