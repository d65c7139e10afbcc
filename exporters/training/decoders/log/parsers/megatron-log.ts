import { figureIn, parseCount } from '../figure.ts';
import type { CreateLogParser } from '../log-parser.ts';
import { createScalarTeller } from '../scalar-teller.ts';
import { createMegatronEvents } from './megatron-events.ts';

/** `training_log` of megatron/training/training.py. Forks such as GPT-NeoX put fields before it. */
const iteration = / iteration +(\d{1,15})\/ *(\d{1,15}) \|/y;
const iterationWord = ' iteration ';
const comma = 44;
const maxFields = 100;

/**
 * The line that Megatron-LM prints each log interval: ` iteration  10/ 100 | consumed samples: ... | lm loss: ... |`. A loss that is not
 * finite is left out of it (`if avg > 0.0`), which only the number of nan iterations tells. What the same program says of validation,
 * checkpoints and stragglers is in megatron-events.ts.
 */
export const createMegatronLog: CreateLogParser = (deps) => {
  const { stream, tags, memory, timeOf } = deps;
  const scalars = createScalarTeller({ stream, tags, tagOf: (name) => name });
  const takeEvent = createMegatronEvents(deps, scalars);
  let toldTotal: number | undefined;
  /** Of the line that is being read. */
  let hasLoss = false;
  let nans = 0;
  let matchedAt = 0;

  function takeFields(text: string, from: number, step: number, time: number | undefined): void {
    hasLoss = false;
    nans = 0;
    let at = from;
    for (let fields = 0; fields < maxFields && at < text.length; fields++) {
      const bar = text.indexOf('|', at);
      const end = bar === -1 ? text.length : bar;
      takeField(text, at + 1, end, fields, step, time);
      at = end + 1;
    }
    if (nans > 0 && !hasLoss) stream.lossMissing({ step, timeSeconds: time });
  }

  function takeField(
    text: string,
    from: number,
    end: number,
    place: number,
    step: number,
    time: number | undefined,
  ): void {
    const colon = text.indexOf(':', from);
    const value = colon !== -1 && colon < end ? figureIn(text, colon + 1, end) : undefined;
    if (value === undefined) return;
    const quantity = scalars.tell(scalars.findAt(text, from, colon, place), value, step, time);
    if (quantity === 'loss') hasLoss = true;
    if (quantity === 'nonfinite_steps') nans = value;
  }

  /** Where it was in the line before: what stands before it has the same length in most lines. */
  function matchAgain(text: string): RegExpExecArray | null {
    iteration.lastIndex = matchedAt;
    return text.charCodeAt(matchedAt - 1) === comma ? null : iteration.exec(text);
  }

  /** NeMo's line has `epoch 0, iteration 1/9 |`. */
  function matchIteration(text: string): RegExpExecArray | null {
    const at = text.indexOf(iterationWord);
    if (at === -1 || text.charCodeAt(at - 1) === comma) return null;
    matchedAt = at;
    iteration.lastIndex = at;
    return iteration.exec(text);
  }

  return (text) => {
    const match = matchAgain(text) ?? matchIteration(text);
    if (match === null) return takeEvent(text);
    const step = parseCount(match[1]);
    const total = parseCount(match[2]);
    if (step === undefined) return false;
    const time = timeOf(text);
    memory.step = step;
    if (total !== undefined && total !== toldTotal) stream.value('max_steps', total, step, time);
    toldTotal = total;
    takeFields(text, match.index + match[0].length, step, time);
    return true;
  };
};
