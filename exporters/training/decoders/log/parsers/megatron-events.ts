import { parseCount, parseFigure } from '../figure.ts';
import type { LogParserDeps } from '../log-parser.ts';
import type { ScalarTeller } from '../scalar-teller.ts';

/** `evaluate_and_print_results` of megatron/training/training.py. */
const validation = /validation loss at iteration +(\d{1,15})([^|]{0,100})\| /;
const validationField = /([^|]{1,100}?) (value|PPL): +(\S{1,40}) *(?:\||$)/g;
/** megatron/training/checkpointing.py. */
const saving = /\bsaving checkpoint at iteration +(\d{1,15}) /;
const saved = /\bsuccessfully saved checkpoint from iteration +(\d{1,15}) /;
const loaded = /\bsuccessfully loaded checkpoint from .{1,1024} at iteration +(\d{1,15})/;
/** `StragglerDetector.report` of megatron/core/utils.py: the least and the greatest of all ranks, and whose it is. */
const straggler = /\b(?:Mn|Mx)(D?Rtt)\/Rnk: +([\d.]{1,20})ms\/(\d{1,7})/g;
/** Rtt is the time in what is traced, which is the forward pass; DRtt is that of get_batch. */
const stragglerPhases: Readonly<Record<string, string>> = { Rtt: 'forward', DRtt: 'data_loading' };

/** What Megatron-LM says beside its line of each interval. */
export function createMegatronEvents(
  { stream, memory, timeOf }: LogParserDeps,
  scalars: ScalarTeller,
): (text: string) => boolean {
  function takeValidation(text: string, match: RegExpExecArray): boolean {
    if (match[2]?.includes('test')) return false;
    const step = parseCount(match[1]);
    const time = timeOf(text);
    for (const [, loss = '', kind, figure = ''] of text
      .slice(match.index + match[0].length)
      .matchAll(validationField)) {
      const value = parseFigure(figure);
      const name = `${loss.trim()} validation${kind === 'PPL' ? ' ppl' : ''}`;
      if (value !== undefined) scalars.tell(scalars.find(name), value, step, time);
    }
    return true;
  }

  function takeStraggler(text: string): boolean {
    const timeSeconds = timeOf(text);
    for (const [, kind = '', milliseconds = '', rank] of text.matchAll(straggler)) {
      const value = parseFigure(milliseconds);
      const phase = stragglerPhases[kind];
      if (value === undefined || phase === undefined) continue;
      stream.phaseTime({ phase, seconds: value / 1000, rank: parseCount(rank), step: memory.step, timeSeconds });
    }
    return true;
  }

  function takeCheckpoint(text: string): boolean {
    const start = parseCount(saving.exec(text)?.[1]);
    if (start !== undefined) {
      stream.enter('checkpointing', { step: start, timeSeconds: timeOf(text) });
      return true;
    }
    const done = parseCount(saved.exec(text)?.[1]);
    if (done !== undefined) {
      stream.checkpoint({ outcome: 'complete', step: done, timeSeconds: timeOf(text) });
      return true;
    }
    const restored = parseCount(loaded.exec(text)?.[1]);
    if (restored === undefined) return false;
    stream.sessionStart({ step: restored, timeSeconds: timeOf(text) });
    return true;
  }

  return (text) => {
    if (text.includes('checkpoint ')) return takeCheckpoint(text);
    if (text.includes('Rtt/Rnk: ')) return takeStraggler(text);
    const match = text.includes('validation loss at ') ? validation.exec(text) : null;
    if (match !== null) return takeValidation(text, match);
    if (!text.includes('[after training is done]')) return false;
    stream.value('finished', 1, memory.step, timeOf(text));
    return true;
  };
}
