import { parseFigure } from '../../../exporters/training/decoders/log/figure.ts';
import { parseTrainerJson } from '../../../exporters/training/decoders/trainer-state.ts';
import { SourceError } from '../../../kit/errors.ts';
import type { Curve } from './curve.ts';

interface Curves {
  readonly loss: Curve;
  readonly evalLoss: Curve;
}

/** The losses of a trainer_state.json at all their steps; of these the exporter shows the last. What is no such file has none. */
export function addTrainerHistory(text: string, { loss, evalLoss }: Curves): void {
  const history = fieldOf(parsed(text), 'log_history');
  if (!Array.isArray(history)) return;
  for (const entry of history) {
    const step = fieldOf(entry, 'step');
    if (typeof step !== 'number' || !Number.isFinite(step)) continue;
    add(loss, step, fieldOf(entry, 'loss'));
    add(evalLoss, step, fieldOf(entry, 'eval_loss'));
  }
}

function add(curve: Curve, step: number, value: unknown): void {
  const figure = typeof value === 'string' ? parseFigure(value) : value;
  if (typeof figure === 'number') curve.add(step, figure);
}

function parsed(text: string): unknown {
  try {
    return parseTrainerJson(text);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
