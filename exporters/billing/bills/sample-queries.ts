import type { Span } from '../span.ts';
import type { ExplainedWindow } from './explain.ts';

/** What shows the samples that Prometheus scraped; ask it of the API of the source. */
export interface SampleQuery {
  readonly source: string;
  /** As the windows were metered by; a range selector gives samples as they are. */
  readonly query: string;
  /** Windows that follow each other, taken together. */
  readonly span: Span;
  /** To be put behind the address of Prometheus. */
  readonly path: string;
}

/** A sample before the window says what held at its beginning. */
const marginSeconds = 300;
const longestMs = 24 * 3_600_000;

/** One for each query and stretch of windows that follow each other, a day at most. */
export function sampleQueries(windows: readonly ExplainedWindow[]): readonly SampleQuery[] {
  const stretches = new Map<string, { source: string; query: string; spans: Span[] }>();
  for (const { span, evidence } of [...windows].sort((a, b) => a.span.startMs - b.span.startMs)) {
    for (const query of evidence.queries) {
      const key = `${evidence.source} ${query}`;
      const found = stretches.get(key) ?? { source: evidence.source, query, spans: [] };
      stretches.set(key, found);
      const last = found.spans.at(-1);
      const goesOn = last?.endMs === span.startMs && span.endMs - last.startMs <= longestMs;
      if (goesOn && last !== undefined)
        found.spans[found.spans.length - 1] = { startMs: last.startMs, endMs: span.endMs };
      else found.spans.push(span);
    }
  }
  return [...stretches.values()].flatMap(({ source, query, spans }) =>
    spans.map((span) => ({ source, query, span, path: pathOf(query, span) })),
  );
}

/** An instant query for a range: it gives raw samples, where a range query would give steps. */
function pathOf(query: string, { startMs, endMs }: Span): string {
  const selector = query.replace(/\[[^\]]*\]\s*(offset\s+\S+)?$/, '');
  const seconds = Math.ceil((endMs - startMs) / 1000) + marginSeconds;
  const parameters = new URLSearchParams({ query: `${selector}[${seconds}s]`, time: String(endMs / 1000) });
  return `/api/v1/query?${parameters}`;
}
