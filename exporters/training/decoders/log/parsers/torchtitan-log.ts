import type { Quantity } from '../../../schema/quantities.ts';
import { figureIn, parseCount } from '../figure.ts';
import type { CreateLogParser } from '../log-parser.ts';

interface Field {
  readonly name: string;
  readonly quantity: Quantity;
  readonly scale: number;
}

const gib = 2 ** 30;
const fields: readonly Field[] = [
  { name: 'loss: ', quantity: 'loss', scale: 1 },
  { name: 'grad_norm: ', quantity: 'grad_norm', scale: 1 },
  { name: 'lr: ', quantity: 'learning_rate', scale: 1 },
  { name: 'memory: ', quantity: 'memory_reserved_bytes', scale: gib },
  { name: 'tps: ', quantity: 'tokens_per_second_per_gpu', scale: 1 },
  { name: 'wps: ', quantity: 'tokens_per_second_per_gpu', scale: 1 },
  { name: 'tflops: ', quantity: 'flops_per_second_per_gpu', scale: 1e12 },
  { name: 'mfu: ', quantity: 'mfu_ratio', scale: 0.01 },
];
const maxFields = 30;
const start = /(validate )?step: +([\d,]{1,20}) +loss: /g;
const startAgain = new RegExp(start.source, 'y');
const [space, percent, parenthesis] = [32, 37, 41];

/**
 * `step:  4  loss:  7.62585  grad_norm: 26.6250  memory: 66.91GiB(37.51%)  tps: 10,050  tflops: 314.71  mfu: 13.99%`, the log line of
 * MetricsProcessor in torchtitan/components/metrics.py; validation has `validate step:`. Every rank prints it, with what is reduced over
 * all of them, so of lines of the same step in a row only the first is told.
 */
export const createTorchtitanLog: CreateLogParser = ({ stream, memory, timeOf }) => {
  let matchedAt = 0;

  /** What stands before it has the same length in most lines, so it is looked for there first. */
  function match(text: string): RegExpExecArray | null {
    startAgain.lastIndex = matchedAt;
    const again = startAgain.exec(text);
    if (again !== null) return again;
    start.lastIndex = 0;
    const found = start.exec(text);
    matchedAt = found?.index ?? matchedAt;
    return found;
  }

  function tellFields(text: string, from: number, step: number, evaluates: boolean): void {
    const time = timeOf(text);
    let at = from;
    for (let seen = 0; seen < maxFields; seen++) {
      const name = skipSpaces(text, at);
      const colon = text.indexOf(':', name);
      if (colon === -1) return;
      const figure = skipSpaces(text, colon + 1);
      at = endOf(text, figure);
      tellField(fieldAt(text, name), figureBefore(text, figure, at), step, time, evaluates);
    }
  }

  function tellField(
    field: Field | undefined,
    value: number | undefined,
    step: number,
    time: number | undefined,
    evaluates: boolean,
  ): void {
    if (field === undefined || value === undefined) return;
    if (!evaluates) stream.value(field.quantity, value * field.scale, step, time);
    else if (field.quantity === 'loss') stream.value('eval_loss', value, step, time);
  }

  return (text) => {
    const found = match(text);
    const step = parseCount(found?.[2]);
    if (found === null || step === undefined) {
      if (text.includes('Training starts at step')) memory.step = undefined;
      return false;
    }
    const evaluates = found[1] !== undefined;
    if (!evaluates && step === memory.step) return true;
    if (!evaluates) memory.step = step;
    tellFields(text, found.index + found[0].length - 'loss: '.length, step, evaluates);
    return true;
  };
};

function fieldAt(text: string, at: number): Field | undefined {
  for (const field of fields) {
    if (text.startsWith(field.name, at)) return field;
  }
  return undefined;
}

/** The number before its unit, as in `45.67GiB(57.65%)`. */
function figureBefore(text: string, from: number, to: number): number | undefined {
  const last = text.charCodeAt(to - 1);
  if (last === percent) return figureIn(text, from, to - 1);
  const unit = last === parenthesis ? text.indexOf('G', from) : to;
  return figureIn(text, from, unit === -1 ? to : unit);
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === space) at++;
  return at;
}

function endOf(text: string, from: number): number {
  const end = text.indexOf(' ', from);
  return end === -1 ? text.length : end;
}
