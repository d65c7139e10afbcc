import type { Span } from '../span.ts';
import type { ExplainedWindow } from './explain.ts';

/** What shows what the source said; ask it of the API of the source. */
export interface SampleQuery {
  readonly source: string;
  readonly cluster: string;
  /** samples: as they were scraped. context: what else was asked, such as which pods there were; its answer is of the end of the stretch. */
  readonly kind: 'samples' | 'context';
  /** In PromQL, to be asked at the end of the stretch. */
  readonly query: string;
  /** Windows that follow each other, taken together. */
  readonly span: Span;
  /** To be put behind the address of Prometheus. */
  readonly path: string;
}

/** A sample before the window says what held at its beginning. */
const marginSeconds = 300;
const longestMs = 24 * 3_600_000;

interface Asked {
  readonly source: string;
  readonly cluster: string;
  readonly query: string;
  readonly spans: Span[];
}

/** One for each query and stretch of windows that follow each other, a day at most; those that give samples first. */
export function sampleQueries(windows: readonly ExplainedWindow[]): readonly SampleQuery[] {
  const asked = new Map<string, Asked>();
  for (const { span, cluster, evidence } of [...windows].sort((a, b) => a.span.startMs - b.span.startMs)) {
    const { source } = evidence;
    for (const query of evidence.queries) {
      const key = JSON.stringify([source, cluster, query]);
      const found = asked.get(key) ?? { source, cluster, query, spans: [] };
      asked.set(key, found);
      addSpan(found.spans, span);
    }
  }
  const queries = [...asked.values()].flatMap(({ spans, ...each }) => spans.map((span) => queryOf(each, span)));
  return [...queries.filter(({ kind }) => kind === 'samples'), ...queries.filter(({ kind }) => kind === 'context')];
}

function addSpan(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  const goesOn = last?.endMs === span.startMs && span.endMs - last.startMs <= longestMs;
  if (goesOn && last !== undefined) spans[spans.length - 1] = { startMs: last.startMs, endMs: span.endMs };
  else spans.push(span);
}

/** An instant query for a range gives raw samples, where a range query would give steps. */
function queryOf({ source, cluster, query: told }: Omit<Asked, 'spans'>, span: Span): SampleQuery {
  const selector = told.replace(/\[[^\]]*\]\s*(offset\s+\S+)?$/, '');
  const seconds = Math.ceil((span.endMs - span.startMs) / 1000) + marginSeconds;
  const kind = isSelector(selector) ? 'samples' : 'context';
  const query = kind === 'samples' ? `${selector}[${seconds}s]` : told;
  const parameters = new URLSearchParams({ query, time: String(span.endMs / 1000) });
  return { source, cluster, kind, query, span, path: `/api/v1/query?${parameters}` };
}

/** A name, matchers, or both; not a function of them. */
function isSelector(query: string): boolean {
  const withoutTexts = query.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return /^([a-zA-Z_:][\w:]*)?(\{[^{}()]*\})?$/.test(withoutTexts);
}
