import { parseCount } from './figure.ts';
import type { Bar } from './log-memory.ts';

/** What launchers put before the text of a process: srun --label, torchrun, Ray. */
const prefix = /^(?:\s*\d{1,6}: |\[[\w.]{1,40}\]:\s?|\([^()]{1,100}\)\s?)+/;
/** tqdm without a description: ` 56%|#####5    | 10/18 [00:05<00:04,  1.85it/s]`. */
const bareBar = /^\s*\d{1,3}%\|[^|]*\| *(\d{1,15})\/(\d{1,15}) \[/;

/** After a bar that stands below another one tqdm goes back up, as the evaluation within a training does. */
const cursorUp = '\u001b[A';

/** Whether a bar in the text stands below another one. */
export function hasNestedBar(raw: string): boolean {
  const up = raw.indexOf(cursorUp);
  const percent = up === -1 ? -1 : raw.indexOf('%|');
  return percent !== -1 && raw.indexOf(cursorUp, percent) !== -1;
}

/** The state of a bar without a description, as the training and evaluation bars of Hugging Face are; others have one. */
export function parseBareBar(text: string): Bar | undefined {
  const percent = text.indexOf('%|');
  if (percent === -1) return undefined;
  const match = bareBar.exec(text) ?? bareBar.exec(text.replace(prefix, ''));
  const step = parseCount(match?.[1]);
  const total = parseCount(match?.[2]);
  return step === undefined || total === undefined || step > total ? undefined : { step, total };
}
