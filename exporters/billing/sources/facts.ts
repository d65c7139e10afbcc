import type { RawSeries } from '../metering/accrual.ts';
import type { MeterJoin } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import { type Around, columnsAround } from './around.ts';
import { oneOfValues } from './config/fields.ts';
import type { Store } from './store.ts';
import { difference, union } from './timeline.ts';

type Values = Readonly<Record<string, string>>;

/** What an info series says from a time on, until the next stretch. */
export interface FactStretch {
  readonly fromMs: number;
  /** Empty while several things are said at once. */
  readonly values: Values;
}

/** Facts of one join. */
export interface Facts {
  readonly join: MeterJoin;
  /** Stretches in order for the labels that the join is `on`; the first begins at the beginning of time. Empty where nothing is known. */
  readonly of: (labels: Values) => readonly FactStretch[];
}

const keysPerRequest = 200;

/**
 * What info series say in a span. One question tells what each thing is said to be; only where that is more than one are samples read, to know
 * when it changed; `around` says in which time, by target.
 */
export async function readFacts(
  store: Store,
  join: MeterJoin,
  span: Span,
  holdMs: number,
  around: Around = { near: span, far: [] },
): Promise<Facts> {
  const by = [...new Set([...Object.values(join.on), ...Object.values(join.take)])].join(', ');
  const samples = await store.instant(
    (select) => `group by (${by}) (last_over_time(${select(join.series)}[${span.endMs - span.startMs}ms]))`,
    span.endMs - 1,
  );
  const said = new Map<string, { readonly labels: Values; readonly all: Map<string, Values> }>();
  for (const { labels } of samples) {
    const key = keyOf(labels, Object.values(join.on));
    const entry = said.get(key) ?? { labels, all: new Map<string, Values>() };
    const values = takenFrom(join, labels);
    entry.all.set(JSON.stringify(values), values);
    said.set(key, entry);
  }
  const isLasting = join.whileSaid !== true;
  const changing = [...said.values()].filter(({ all }) => !isLasting || all.size > 1).map(({ labels }) => labels);
  const changes =
    changing.length === 0
      ? new Map<string, readonly FactStretch[]>()
      : await readChanges(store, join, changing, { around, holdMs });
  const stretches = new Map<string, readonly FactStretch[]>();
  for (const [key, { all }] of said) {
    const [only] = all.values();
    if (isLasting && all.size === 1 && only !== undefined)
      stretches.set(key, [{ fromMs: Number.NEGATIVE_INFINITY, values: only }]);
    else stretches.set(key, changes.get(key) ?? []);
  }
  return { join, of: (labels) => stretches.get(keyOf(labels, Object.keys(join.on))) ?? [] };
}

async function readChanges(
  store: Store,
  join: MeterJoin,
  changing: readonly Values[],
  { around, holdMs }: { readonly around: Around; readonly holdMs: number },
): Promise<ReadonlyMap<string, readonly FactStretch[]>> {
  // One label narrows enough; the most telling one has the most values.
  const [label = ''] = Object.values(join.on).toSorted(
    (a, b) => new Set(changing.map((each) => each[b])).size - new Set(changing.map((each) => each[a])).size,
  );
  const values = [...new Set(changing.map((each) => each[label] ?? ''))].sort();
  const series: RawSeries[] = [];
  for (let at = 0; at < values.length; at += keysPerRequest)
    series.push(
      ...(await columnsAround(store, join.series, around, [oneOfValues(label, values.slice(at, at + keysPerRequest))])),
    );
  const byKey = new Map<string, Map<string, Said>>();
  for (const { labels, timesMs } of series) {
    const key = keyOf(labels, Object.values(join.on));
    const taken = takenFrom(join, labels);
    const text = JSON.stringify(taken);
    const ofKey = byKey.get(key) ?? new Map<string, Said>();
    const spans = Array.from(timesMs, (startMs) => ({ startMs, endMs: startMs + holdMs }));
    ofKey.set(text, { values: taken, spans: union([...(ofKey.get(text)?.spans ?? []), ...spans]) });
    byKey.set(key, ofKey);
  }
  const stretches = join.whileSaid === true ? stretchesWhileSaid : stretchesOf;
  return new Map([...byKey].map(([key, all]) => [key, stretches([...all.values()], holdMs)]));
}

interface Said {
  readonly values: Values;
  readonly spans: readonly Span[];
}

/** What is said goes on until half of the time has passed until something else is said; two things at once are nothing. */
export function stretchesOf(said: readonly Said[], holdMs: number): readonly FactStretch[] {
  const shortened = said.map(({ values, spans }) => ({
    values,
    // The hold only bridges missed scrapes; behind the last sample it would overlap with what is said next.
    spans: spans.map(({ startMs, endMs }) => ({ startMs, endMs: Math.max(startMs + 1, endMs - holdMs + 1) })),
  }));
  const times = [
    ...new Set(shortened.flatMap(({ spans }) => spans.flatMap(({ startMs, endMs }) => [startMs, endMs]))),
  ].sort((a, b) => a - b);
  const stretches: FactStretch[] = [];
  let saidUntil = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    const there = shortened.filter(({ spans }) => spans.some(({ startMs, endMs }) => isIn(time, startMs, endMs)));
    const [only] = there;
    if (only === undefined) continue;
    const values = there.length === 1 ? only.values : {};
    const last = stretches.at(-1);
    const before = saidUntil;
    saidUntil = Math.max(
      ...there.flatMap(({ spans }) =>
        spans.flatMap(({ startMs, endMs }) => (isIn(time, startMs, endMs) ? [endMs] : [])),
      ),
    );
    if (last !== undefined && JSON.stringify(last.values) === JSON.stringify(values)) continue;
    stretches.push({ fromMs: last === undefined ? Number.NEGATIVE_INFINITY : middle(before, time), values });
  }
  return stretches;
}

/** The same, but nothing is known from half a scrape interval after something was said until half of one before something is. */
export function stretchesWhileSaid(said: readonly Said[], holdMs: number): readonly FactStretch[] {
  const slackMs = Math.round(holdMs / 5);
  const silences = difference(
    [{ startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY }],
    union(
      said.flatMap(({ spans }) =>
        spans.map(({ startMs, endMs }) => ({ startMs: startMs - slackMs, endMs: endMs - holdMs + 1 + slackMs })),
      ),
    ),
  );
  const lasting = stretchesOf(said, holdMs);
  const edges = [...lasting.map(({ fromMs }) => fromMs), ...silences.flatMap(({ startMs, endMs }) => [startMs, endMs])];
  return [...new Set(edges)]
    .filter((fromMs) => fromMs < Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b)
    .map((fromMs) => {
      const isSilent = silences.some(({ startMs, endMs }) => startMs <= fromMs && fromMs < endMs);
      return { fromMs, values: isSilent ? {} : (lasting.findLast((each) => each.fromMs <= fromMs)?.values ?? {}) };
    });
}

function isIn(time: number, startMs: number, endMs: number): boolean {
  return startMs <= time && time < endMs;
}

/** Of the time in which nothing was said: what was said before ended in it, and what is said after began in it. */
function middle(saidUntil: number, time: number): number {
  return saidUntil < time ? Math.ceil((saidUntil + time) / 2) : time;
}

function keyOf(labels: Values, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name] ?? ''));
}

/** Empty labels are no facts. */
function takenFrom({ take }: MeterJoin, labels: Values): Values {
  const entries = Object.entries(take).map(([name, label]) => [name, labels[label] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
