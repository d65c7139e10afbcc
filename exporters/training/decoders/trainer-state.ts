import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { preview } from '../../../kit/options/preview.ts';
import type { RunStream } from '../journal.ts';
import type { Quantity } from '../schema/quantities.ts';
import { parseFigure } from './log/figure.ts';
import { countNested } from './nested-values.ts';

/** What was logged at one step, by our names. */
export interface TrainerLogEntry {
  readonly step: number | undefined;
  readonly values: readonly (readonly [Quantity, number])[];
}

/** What transformers' trainer_state.json says of the training up to its checkpoint. */
export interface TrainerState {
  readonly step: number;
  /** Undefined where the length of the training is not known. */
  readonly maxSteps: number | undefined;
  readonly epoch: number | undefined;
  readonly epochs: number | undefined;
  readonly bestMetric: number | undefined;
  readonly lastTraining: TrainerLogEntry | undefined;
  readonly lastEvaluation: TrainerLogEntry | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const trainingKeys: Readonly<Record<string, Quantity>> = {
  loss: 'loss',
  grad_norm: 'grad_norm',
  learning_rate: 'learning_rate',
  mean_token_accuracy: 'accuracy',
  num_tokens: 'tokens',
};
const evaluationKeys: Readonly<Record<string, Quantity>> = {
  eval_loss: 'eval_loss',
  eval_accuracy: 'eval_accuracy',
  eval_mean_token_accuracy: 'eval_accuracy',
};
/** Entries of the history that are looked through for the last of each kind. */
const maxEntries = 1000;
/** One for each entry of the history and some more; an entry has 80 bytes and more. */
const maxNested = 500_000;

/** Reads a trainer_state.json (transformers/trainer_callback.py, TrainerState). Throws SourceError that names the place. */
export function parseTrainerState(text: string): TrainerState {
  const fields = fieldsOf(parseTrainerJson(text), 'trainer state');
  const history = fields['log_history'] ?? [];
  if (!Array.isArray(history)) throw wrong('log_history', 'a list', history);
  const first = Math.max(0, history.length - maxEntries);
  const entries = history.slice(first).map((entry, index) => fieldsOf(entry, `log_history[${first + index}]`));
  const step = numberOf(fields, 'global_step');
  if (step === undefined || !Number.isSafeInteger(step) || step < 0) {
    throw wrong('global_step', 'a whole number', fields['global_step']);
  }
  return {
    step,
    maxSteps: positiveOf(fields, 'max_steps'),
    epoch: numberOf(fields, 'epoch'),
    epochs: positiveOf(fields, 'num_train_epochs'),
    bestMetric: numberOf(fields, 'best_metric'),
    lastTraining: lastEntry(entries, 'loss', trainingKeys),
    lastEvaluation: lastEntry(entries, 'eval_loss', evaluationKeys),
  };
}

/** Tells what the state says. It has no time of its own. */
export function tellTrainerState(state: TrainerState, stream: RunStream): void {
  const { step, maxSteps, epoch, lastTraining, lastEvaluation } = state;
  stream.framework('huggingface');
  for (const entry of [lastTraining, lastEvaluation]) {
    for (const [quantity, value] of entry?.values ?? []) stream.value(quantity, value, entry?.step, undefined);
  }
  if (maxSteps !== undefined) stream.value('max_steps', maxSteps, step, undefined);
  if (epoch !== undefined) stream.value('epoch', epoch, step, undefined);
}

/** Python writes NaN and Infinity as bare words, which are no JSON. */
const bareWords = /([:,[]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g;

/** The file as JSON, with NaN and Infinity as texts. Throws SourceError. */
export function parseTrainerJson(text: string): unknown {
  if (countNested(text) > maxNested)
    throw new SourceError(`trainer state has more than ${maxNested} lists and objects`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replace(bareWords, '$1"$2"');
    if (quoted !== text) return parseTrainerJson(quoted);
    throw new SourceError(`trainer state is no JSON: ${reasonOf(error)}`, { cause: error });
  }
}

function lastEntry(
  entries: readonly Fields[],
  mark: string,
  keys: Readonly<Record<string, Quantity>>,
): TrainerLogEntry | undefined {
  const entry = entries.findLast((each) => each[mark] !== undefined);
  if (entry === undefined) return undefined;
  const values = Object.entries(keys).flatMap(([key, quantity]) => {
    const value = numberOf(entry, key);
    return value === undefined ? [] : [[quantity, value] as const];
  });
  const step = numberOf(entry, 'step');
  return { step: step !== undefined && Number.isSafeInteger(step) && step >= 0 ? step : undefined, values };
}

/** A number, or a text of one, as version 5 writes them; undefined for null. */
function numberOf(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  const figure = typeof value === 'string' ? parseFigure(value) : value;
  if (typeof figure !== 'number') throw wrong(key, 'a number', value);
  return figure;
}

/** 0 and -1 stand for a length that is not known. */
function positiveOf(fields: Fields, key: string): number | undefined {
  const value = numberOf(fields, key);
  return value !== undefined && value > 0 ? value : undefined;
}

function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object', value);
  return value as Fields;
}

function wrong(place: string, allowed: string, value: unknown): SourceError {
  return new SourceError(`${place} must be ${allowed}, got ${preview(value)}`);
}
