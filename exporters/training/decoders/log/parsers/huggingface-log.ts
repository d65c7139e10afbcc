import { figureIn } from '../figure.ts';
import type { CreateLogParser } from '../log-parser.ts';
import { hasNestedBar, parseBareBar } from '../progress-bar.ts';
import { createScalarTeller, type Scalar, type ScalarTeller } from '../scalar-teller.ts';

const maxKeys = 200;
/** Dicts of one line that are looked at. */
const maxDicts = 8;
const quote = 39;

interface Entry {
  readonly scalar: Scalar;
  readonly value: number;
}

/**
 * The dicts that transformers' ProgressCallback and PrinterCallback print (trainer_callback.py): `{'loss': 2.41, 'grad_norm': nan,
 * 'epoch': 0.3}`, and since version 5 with every value as a text. The step is not in it. It is in the progress bar, which is drawn anew
 * at every step and after every such line, so the bar that stood there last is that of the training. That of an evaluation stands below it
 * and is passed over; where a launcher took the marks of the terminal away it is gone by the next loss, but not by the summary at the end,
 * and a line of an evaluation belongs to the training bar before it. Where bars are off there is no step.
 */
export const createHuggingFaceLog: CreateLogParser = ({ stream, tags, memory, timeOf }) => {
  const scalars = createScalarTeller({ stream, tags, tagOf: rewritten });
  let toldTotal: number | undefined;

  function seeBar(text: string, raw: string): void {
    const bar = parseBareBar(text);
    if (bar === undefined || hasNestedBar(raw)) return;
    memory.bar = bar;
    if (bar.total !== memory.trainingBar?.total) return;
    // The program was started again. Its bar jumps to the step after the one that it goes on from.
    if (bar.step < memory.trainingBar.step) memory.startsAgain = true;
    if (memory.startsAgain && bar.step > 0) {
      memory.startsAgain = false;
      stream.sessionStart({ step: bar.step - 1, timeSeconds: timeOf(text) });
    }
    memory.trainingBar = bar;
  }

  function tellTotal(time: number | undefined): void {
    const bar = memory.trainingBar;
    if (bar === undefined || bar.total === toldTotal) return;
    toldTotal = bar.total;
    stream.value('max_steps', bar.total, bar.step, time);
  }

  function tellEntries(entries: readonly Entry[], text: string): void {
    const time = timeOf(text);
    const evaluates = entries.some(({ scalar }) => scalar.name.startsWith('eval_'));
    if (!evaluates && !entries.some(({ scalar }) => scalar.name === 'train_runtime')) {
      memory.trainingBar = memory.bar ?? memory.trainingBar;
      tellTotal(time);
    }
    const step = memory.trainingBar?.step;
    for (const { scalar, value } of entries) {
      if (!evaluates || scalar.name !== 'epoch') scalars.tell(scalar, value, step, time);
    }
  }

  return (text, raw) => {
    seeBar(text, raw);
    let from = text.indexOf("{'");
    for (let dicts = 0; from !== -1 && dicts < maxDicts; dicts++) {
      const entries = readDict(text, from + 1, scalars);
      if (entries !== undefined && isLog(entries)) {
        tellEntries(entries, text);
        return true;
      }
      from = text.indexOf("{'", from + 2);
    }
    return false;
  };
};

/** The tag that `rewrite_logs` makes of a key for TensorBoard (integrations/integration_utils.py). */
function rewritten(key: string): string {
  if (key.startsWith('eval_')) return `eval/${key.slice(5)}`;
  return key.startsWith('test_') ? `test/${key.slice(5)}` : `train/${key}`;
}

/** The Trainer adds the epoch to everything it logs; programs print other dicts as well. */
function isLog(entries: readonly Entry[]): boolean {
  return (
    entries.length >= 2 && entries.some(({ scalar }) => scalar.name === 'epoch' || scalar.name === 'train_runtime')
  );
}

/** The numbers of a flat dict from its first key on. Undefined if the text is no such dict up to its closing brace. */
function readDict(text: string, from: number, scalars: ScalarTeller): readonly Entry[] | undefined {
  const entries: Entry[] = [];
  let at = from;
  while (text.charCodeAt(at) === quote && entries.length < maxKeys) {
    const keyEnd = text.indexOf("'", at + 1);
    if (keyEnd === -1 || !text.startsWith(': ', keyEnd + 1)) return undefined;
    const end = valueEnd(text, keyEnd + 3);
    if (end === -1) return undefined;
    const value = valueIn(text, keyEnd + 3, end);
    if (value !== undefined) entries.push({ scalar: scalars.findAt(text, at + 1, keyEnd, entries.length), value });
    if (text.charCodeAt(end) === 125) return entries;
    at = end + 2;
  }
  return undefined;
}

/** Where the comma or the brace after the value is. */
function valueEnd(text: string, from: number): number {
  if (text.charCodeAt(from) === quote) {
    const end = text.indexOf("'", from + 1) + 1;
    return end > 0 && (text[end] === ',' || text[end] === '}') ? end : -1;
  }
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 44 || code === 125) return at;
    // Lists, dicts and texts are no values of the Trainer's logs.
    if (code === 91 || code === 123 || code === quote) return -1;
  }
  return -1;
}

function valueIn(text: string, from: number, end: number): number | undefined {
  return text.charCodeAt(from) === quote ? figureIn(text, from + 1, end - 1) : figureIn(text, from, end);
}
