import type { SourceKind } from './journal.ts';

export type ProblemReason =
  | 'unreadable'
  | 'bad_record'
  | 'bad_length'
  | 'bad_crc'
  | 'too_long'
  | 'unauthorized'
  | 'skipped';

export type DroppedKind = 'runs' | 'files' | 'scalars' | 'phases' | 'ranks';

/** What the sources did, for the exporter's own metrics. */
export interface SourceLedger {
  readonly bytes: (source: SourceKind, count: number) => void;
  readonly records: (source: SourceKind, count: number) => void;
  readonly problem: (source: SourceKind, reason: ProblemReason, count?: number) => void;
  readonly dropped: (kind: DroppedKind, count?: number) => void;
  readonly files: (source: SourceKind, count: number) => void;
  readonly unread: (source: SourceKind, bytes: number) => void;
  readonly polled: (seconds: number) => void;
  readonly counts: () => SourceCounts;
}

export interface SourceCounts {
  readonly bytes: ReadonlyMap<SourceKind, number>;
  readonly records: ReadonlyMap<SourceKind, number>;
  readonly problems: ReadonlyMap<SourceKind, ReadonlyMap<ProblemReason, number>>;
  readonly dropped: ReadonlyMap<DroppedKind, number>;
  readonly files: ReadonlyMap<SourceKind, number>;
  readonly unread: ReadonlyMap<SourceKind, number>;
  readonly pollSeconds: number | undefined;
}

export function createSourceLedger(): SourceLedger {
  const bytes = new Map<SourceKind, number>();
  const records = new Map<SourceKind, number>();
  const problems = new Map<SourceKind, Map<ProblemReason, number>>();
  const dropped = new Map<DroppedKind, number>();
  const files = new Map<SourceKind, number>();
  const unread = new Map<SourceKind, number>();
  let pollSeconds: number | undefined;
  return {
    bytes: (source, count) => add(bytes, source, count),
    records: (source, count) => add(records, source, count),
    problem: (source, reason, count = 1) => {
      const ofSource = problems.get(source) ?? new Map<ProblemReason, number>();
      problems.set(source, ofSource);
      add(ofSource, reason, count);
    },
    dropped: (kind, count = 1) => add(dropped, kind, count),
    files: (source, count) => void files.set(source, count),
    unread: (source, count) => void unread.set(source, count),
    polled: (seconds) => {
      pollSeconds = seconds;
    },
    counts: () => ({ bytes, records, problems, dropped, files, unread, pollSeconds }),
  };
}

function add<K>(counts: Map<K, number>, key: K, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
