import type { Message } from '../message.ts';
import { textsOf } from './index.ts';

/** `[FIRING:3] GpuXidNodeReboot n1`, or `[告警 340] 告警汇总，共 12 组`. */
export function titleOf(message: Message): string {
  return `${tagOf(message)} ${subjectOf(message)}`;
}

export function tagOf({ language, status, firing, resolved }: Message): string {
  const texts = textsOf(language);
  return status === 'firing' ? texts.firingTag(firing) : texts.resolvedTag(resolved);
}

/** What it is about and where, from labels that people set: not to be put into a markup as it is. */
export function subjectOf(message: Message): string {
  const texts = textsOf(message.language);
  if (message.kind === 'digest') return texts.digest(message.groups);
  const where = ['node', 'run', 'model_name', 'tenant', 'cluster']
    .map((label) => message.common[label])
    .find((value) => value !== undefined && value !== '');
  return [nameOf(message), ...(where === undefined ? [] : [where])].join(' ');
}

function nameOf({ common, counts, language }: Message): string {
  const [first, ...more] = counts;
  const name = common['alertname'] ?? first?.name ?? '';
  return more.length === 0 ? name : textsOf(language).others(name, more.length);
}
