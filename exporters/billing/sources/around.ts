import type { RawSeries } from '../metering/accrual.ts';
import type { Span } from '../span.ts';
import { oneOfValues } from './config/fields.ts';
import { grouped } from './grouped.ts';
import { keyOfTarget, outerOf, type Scrapes, type TargetScrapes } from './scrapes.ts';
import type { Store } from './store.ts';

/** In which samples are read: right around the windows, and of targets with a gap at an edge from further away. */
export interface Around {
  readonly near: Span;
  readonly far: readonly Far[];
}

interface Far {
  readonly span: Span;
  /** By `keyOfTarget`. */
  readonly targets: ReadonlySet<string>;
  readonly matchers: readonly string[];
}

/** Far away is read in few lengths, so that many targets with gaps are few questions. */
const firstStepMs = 900_000;
const stepFactor = 4;

export function aroundOf(scrapes: Scrapes): Around {
  const { range } = scrapes;
  const isFar = ({ range: own }: TargetScrapes): boolean => own.startMs < range.startMs || own.endMs > range.endMs;
  const far = [...scrapes.targets.values()].filter(isFar);
  // Without a target that was scraped at both edges Prometheus itself may have been away, and then all is read from afar.
  if (far.length === scrapes.targets.size) return { near: outerOf(scrapes), far: [] };
  const groups = grouped(far, (target) => JSON.stringify(widened(target.range, range)));
  return { near: range, far: [...groups.values()].map((targets) => farOf(targets, range)) };
}

function farOf(targets: readonly TargetScrapes[], range: Span): Far {
  const valuesOf = (name: 'job' | 'instance'): readonly string[] =>
    [...new Set(targets.map((each) => each[name]))].sort();
  return {
    span: widened(targets[0]?.range ?? range, range),
    targets: new Set(targets.map(keyOfTarget)),
    matchers: [oneOfValues('job', valuesOf('job')), oneOfValues('instance', valuesOf('instance'))],
  };
}

function widened(own: Span, range: Span): Span {
  return {
    startMs: range.startMs - stepsOver(range.startMs - own.startMs),
    endMs: range.endMs + stepsOver(own.endMs - range.endMs),
  };
}

function stepsOver(distanceMs: number): number {
  if (distanceMs <= 0) return 0;
  let step = firstStepMs;
  while (step < distanceMs) step *= stepFactor;
  return step;
}

/** Raw samples of a selector, each series from one question. */
export async function columnsAround(
  store: Store,
  selector: string,
  { near, far }: Around,
  more: readonly string[] = [],
): Promise<readonly RawSeries[]> {
  const all = [...(await store.columns(selector, near, more))];
  for (const { span, targets, matchers } of far) {
    const isOfThem = ({ labels }: RawSeries): boolean => targets.has(keyOfTarget(labels));
    const apart = (await store.columns(selector, span, [...more, ...matchers])).filter(isOfThem);
    all.splice(0, all.length, ...all.filter((series) => !isOfThem(series)), ...apart);
  }
  return all;
}
