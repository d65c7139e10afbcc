import { figureIn, parseCount } from '../figure.ts';
import type { CreateLogParser } from '../log-parser.ts';
import { createScalarTeller } from '../scalar-teller.ts';

/** ProgressPrinter of nemo/lightning/pytorch/callbacks/progress_printer.py. */
const printed = /Training epoch (\d{1,9}), iteration (\d{1,15})\/(\d{1,15}) \| /;
/** tqdm with the metrics of Lightning behind it, as NeMo 1 and MegatronProgressBar have. */
const bar =
  /Epoch (\d{1,9}):[^|]{0,40}%\|[^|]{0,1000}\| *(\d{1,15})\/(\d{1,15}) \[(?=[^\]]{0,1000}reduced_train_loss=)/;
const maxFields = 200;
const bracket = 93;

/** How the fields of a line are written. */
interface Form {
  readonly name: string;
  readonly equals: string;
  readonly separator: string;
}

const printedForm: Form = { name: 'Training epoch ', equals: ': ', separator: ' | ' };
const barForm: Form = { name: 'reduced_train_loss=', equals: '=', separator: ', ' };

/**
 * `Training epoch 0, iteration 1/249 | lr: 3.922e-06 | global_step: 1 | reduced_train_loss: 1.653 | ...`, or a bar that ends with
 * `reduced_train_loss=1.65, global_step=1.000, consumed_samples=16.0]`. Steps count from 0, as in the event files, and so does the last
 * one. The bar rounds to few digits: counts with an exponent are left out.
 */
export const createNemoLog: CreateLogParser = ({ stream, tags, memory, timeOf }) => {
  const scalars = createScalarTeller({ stream, tags, tagOf: (name) => name });
  let toldTotal: number | undefined;
  let lastValidation: number | undefined;

  function takeLine(text: string, match: RegExpExecArray, form: Form): void {
    const from = match.index + match[0].length;
    const step = globalStep(text, from, form) ?? parseCount(match[2]);
    if (step === memory.step) return;
    memory.step = step;
    const time = timeOf(text);
    tellPosition(parseCount(match[1]), parseCount(match[3]), step, time);
    tellFields(text, from, form, step, time);
  }

  /** With several epochs the line counts within one, so only the first tells the whole. */
  function tellPosition(
    epoch: number | undefined,
    total: number | undefined,
    step: number | undefined,
    time: number | undefined,
  ): void {
    if (epoch === 0 && total !== undefined && total !== toldTotal) stream.value('max_steps', total, step, time);
    toldTotal = total;
    if (epoch !== undefined) stream.value('epoch', epoch, step, time);
  }

  function tellFields(
    text: string,
    from: number,
    { equals, separator }: Form,
    step: number | undefined,
    time: number | undefined,
  ): void {
    let at = from;
    for (let place = 0; place < maxFields && at < text.length; place++) {
      const end = ends(text, separator, at);
      const sign = text.indexOf(equals, at);
      if (sign === -1) return;
      const scalar = scalars.findAt(text, at, Math.min(sign, end), place);
      const value = figureOf(scalar.name, text, sign + equals.length, end);
      if (value !== undefined) scalars.tell(scalar, value, step, time);
      at = end + separator.length;
    }
  }

  /** The last validation stays in every line until the next, and is told once. */
  function figureOf(name: string, text: string, from: number, to: number): number | undefined {
    const end = text.charCodeAt(to - 1) === bracket ? to - 1 : to;
    if (name === 'consumed_samples') return exactCount(text.slice(from, end));
    const value = figureIn(text, from, end);
    if (name !== 'val_loss') return value;
    if (Object.is(value, lastValidation)) return undefined;
    lastValidation = value;
    return value;
  }

  return (text) => {
    const isPrinted = text.includes(printedForm.name);
    const form = isPrinted ? printedForm : barForm;
    const match = isPrinted ? printed.exec(text) : text.includes(barForm.name) ? bar.exec(text) : null;
    if (match === null) return false;
    takeLine(text, match, form);
    return true;
  };
};

function ends(text: string, separator: string, from: number): number {
  const end = text.indexOf(separator, from);
  return end === -1 ? text.length : end;
}

function globalStep(text: string, from: number, { equals, separator }: Form): number | undefined {
  const word = `global_step${equals}`;
  const at = text.indexOf(word, from);
  if (at === -1) return undefined;
  return exactCount(text.slice(at + word.length, ends(text, separator, at)).replace(']', ''));
}

function exactCount(figure: string): number | undefined {
  return figure.includes('e') ? undefined : parseCount(figure);
}
