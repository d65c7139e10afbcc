import type { Span } from '../period';

/** A row of the ledger that is in a line. */
export interface ExplainedRow {
  readonly position: string;
  readonly window: Span;
  readonly cluster: string;
  readonly node?: string;
  readonly resource: string;
  readonly state: string;
  readonly holder: Readonly<Record<string, string>>;
  readonly quantity: string;
  /** Rule by which it is the tenant's. */
  readonly attribution?: { readonly by: string; readonly share: string };
}

export interface Explanation {
  readonly rows: readonly ExplainedRow[];
  readonly base_unit: string;
  readonly sum?: { readonly quantity: string; readonly matches?: boolean };
  readonly queries: ReadonlyArray<{ readonly query: string; readonly source: string }>;
  readonly next?: number;
}

export function readExplanation(answer: unknown): Explanation {
  const { rows, queries } = (answer ?? {}) as Partial<Explanation>;
  if (!Array.isArray(rows) || !Array.isArray(queries)) throw new Error('the answer has no rows of the ledger');
  return answer as Explanation;
}

/** Whose it was, from the widest word to the narrowest: namespace, pod, container, or an account and its job. */
export function holderText({ holder, resource }: ExplainedRow): string {
  const known = ['tenant', 'account', 'namespace', 'user_id', 'job_id', 'pod', 'container'].flatMap(
    (key) => holder[key] ?? [],
  );
  return known.length === 0 ? resource : known.join(' / ');
}
