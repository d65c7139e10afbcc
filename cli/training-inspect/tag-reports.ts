import { seriesOf, unitOf } from './quantity-series.ts';
import type { ReadRun } from './read/read-run.ts';
import type { TagNote, UntaggedNote } from './read/tag-notes.ts';
import type { TagReport } from './report.ts';

const order: readonly TagReport['is'][] = ['metric', 'scalar', 'unknown', 'ignored', 'no_scalar'];

/**
 * What became of each tag; first what is shown. `isMapped` tells tags for which the mapping file has a rule. What is told without a tag is
 * left out where a tag tells the same.
 */
export function tagReports({ tags }: ReadRun, isMapped: (tag: string) => boolean): readonly TagReport[] {
  const tagged = tags.tagged().map((note) => reportOf(note, isMapped));
  const known = new Set(tagged.map(({ metric }) => metric));
  const untagged = tags.untagged().map(untaggedReport);
  return [...tagged, ...untagged.filter(({ metric }) => !known.has(metric))].sort(
    (a, b) => order.indexOf(a.is) - order.indexOf(b.is) || Number(a.tag === undefined) - Number(b.tag === undefined),
  );
}

/** Tags outside the schema whose names speak of a loss, the likeliest first. */
export function lossLikeTags(tags: readonly TagReport[]): readonly string[] {
  return tags
    .flatMap(({ tag, is }) =>
      tag !== undefined && (is === 'unknown' || is === 'scalar') && isLossLike(tag) ? [tag] : [],
    )
    .sort((a, b) => a.length - b.length)
    .slice(0, 5);
}

function isLossLike(tag: string): boolean {
  return /loss|cost|objective|nll|perplexity|entropy|(?:^|[^a-z])(?:ce|bce|mse|elbo)(?:$|[^a-z])/i.test(tag);
}

function reportOf({ tag, target, isAllowed, last, count }: TagNote, isMapped: (tag: string) => boolean): TagReport {
  const base = { tag, source: undefined, metric: undefined, reason: undefined, last, unit: 'none' } as const;
  if (target === undefined) {
    if (count === 0) return { ...base, is: 'no_scalar', reason: 'holds no scalar' };
    return isAllowed ? { ...base, is: 'scalar', metric: 'training_scalar' } : { ...base, is: 'unknown' };
  }
  const { quantity } = target;
  if (quantity !== undefined) return { ...base, is: 'metric', metric: seriesOf(quantity), unit: unitOf(quantity) };
  return { ...base, is: 'ignored', reason: isMapped(tag) ? 'by the mapping file' : reasonOf(tag) };
}

function reasonOf(tag: string): string {
  if (tag.endsWith(' vs samples')) return 'the same over samples';
  if (tag === 'hp_metric') return 'a placeholder';
  return 'says nothing new';
}

function untaggedReport({ quantity, kind, last }: UntaggedNote): TagReport {
  return {
    tag: undefined,
    source: kind,
    is: 'metric',
    metric: seriesOf(quantity),
    reason: undefined,
    last,
    unit: unitOf(quantity),
  };
}
