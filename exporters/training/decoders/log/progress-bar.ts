import { parseCount } from './figure.ts';
import type { Bar } from './log-memory.ts';

/** What launchers put before the text of a process: srun --label, torchrun, Ray. */
const prefix = /^(?:\s*\d{1,6}: |\[[\w.]{1,40}\]:\s?|\([^()]{1,100}\)\s?)+/;
/** tqdm without a description: ` 56%|#####5    | 10/18 [00:05<00:04,  1.85it/s]`. */
const bareBar = /^\s*\d{1,3}%\|[^|]*\| *(\d{1,15})\/(\d{1,15}) \[/;

/** The state of a bar without a description, as the training and evaluation bars of Hugging Face are; others have one. */
export function parseBareBar(text: string): Bar | undefined {
  const percent = text.indexOf('%|');
  if (percent === -1) return undefined;
  const match = bareBar.exec(text) ?? bareBar.exec(text.replace(prefix, ''));
  const step = parseCount(match?.[1]);
  const total = parseCount(match?.[2]);
  return step === undefined || total === undefined || step > total ? undefined : { step, total };
}
