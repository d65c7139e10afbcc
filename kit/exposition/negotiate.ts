import type { Format } from './render.ts';

/**
 * Which format the Accept header prefers. OpenMetrics only where it is named, and text for a browser, for no header and for
 * anything that cannot be read: a scrape must not fail over its header.
 */
export function negotiateFormat(accept: string | undefined): Format {
  let openmetrics = 0;
  let text = 0;
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = qualityOf(parameters);
    if (type === 'application/openmetrics-text') openmetrics = Math.max(openmetrics, quality);
    if (type === 'text/plain') text = Math.max(text, quality);
  }
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text';
}

/** True if the client takes gzip; a header that names gzip beats its own asterisk. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const qualities = new Map<string, number>();
  for (const part of (acceptEncoding ?? '').split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    qualities.set(coding, qualityOf(parameters));
  }
  return (qualities.get('gzip') ?? qualities.get('*') ?? 0) > 0;
}

function qualityOf(parameters: readonly string[]): number {
  const parameter = parameters.find((part) => part.startsWith('q='));
  const quality = parameter === undefined ? 1 : Number(parameter.slice(2));
  return Number.isFinite(quality) ? quality : 0;
}
