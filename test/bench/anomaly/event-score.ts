/** What a detector said of one entity, and what was so. */
export interface Judged {
  readonly isFlagged: readonly boolean[];
  readonly isAnomaly: readonly boolean[];
}

export interface EventScore {
  /** Share of the episodes that touch a labelled segment; means over the entities. */
  readonly precision: number;
  /** Share of the segments that are touched. */
  readonly recall: number;
  /** Mean over the entities of the harmonic mean of both. */
  readonly f1: number;
  /** False episodes for each entity and day. */
  readonly falsePerDay: number;
}

type Stretch = readonly [first: number, last: number];

/** Flagged points at most 30 apart are one episode. */
const episodeGap = 30;

export function eventScore(entities: readonly Judged[], pointsPerDay: number): EventScore {
  const each = entities.map((entity) => ofEntity(entity, pointsPerDay));
  const mean = (of: (score: EventScore) => number): number =>
    each.reduce((sum, score) => sum + of(score), 0) / each.length;
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
    falsePerDay: mean(({ falsePerDay }) => falsePerDay),
  };
}

function ofEntity({ isFlagged, isAnomaly }: Judged, pointsPerDay: number): EventScore {
  const episodes = stretchesOf(isFlagged, episodeGap);
  const segments = stretchesOf(isAnomaly, 1);
  const touched = (one: Stretch, others: readonly Stretch[]): boolean =>
    others.some(([first, last]) => first <= one[1] && one[0] <= last);
  const hits = episodes.filter((episode) => touched(episode, segments)).length;
  const found = segments.filter((segment) => touched(segment, episodes)).length;
  const precision = episodes.length === 0 ? 0 : hits / episodes.length;
  const recall = segments.length === 0 ? 0 : found / segments.length;
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    falsePerDay: ((episodes.length - hits) * pointsPerDay) / isFlagged.length,
  };
}

function stretchesOf(flags: readonly boolean[], gap: number): readonly Stretch[] {
  const stretches: [number, number][] = [];
  flags.forEach((flag, at) => {
    if (!flag) return;
    const last = stretches.at(-1);
    if (last !== undefined && at - last[1] <= gap) last[1] = at;
    else stretches.push([at, at]);
  });
  return stretches;
}
