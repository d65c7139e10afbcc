import type { LookupKey } from '../answers/lookup';

/** More choices than this are a filter, not a choice. */
const maxTexts = 200;

/**
 * What the option `lookup` stands for once variables are replaced: nothing where a variable is not set or stands for all, one text, or several
 * of a variable that may have several values.
 */
export function lookupTexts(replaced: string): readonly string[] {
  const text = replaced.trim();
  const inner = /^[{(](.*)[})]$/s.exec(text)?.[1];
  const parts = inner === undefined ? [text] : inner.split(inner.includes('|') ? '|' : ',');
  const texts = parts.map((part) => part.trim()).filter((part) => part !== '' && !standsForAll(part));
  return [...new Set(texts)].slice(0, maxTexts);
}

function standsForAll(text: string): boolean {
  return text === '$__all' || text === 'All' || /^\.[*+]$/.test(text) || /^\$\{?\w+(:\w+)?\}?$/.test(text);
}

/** What the text looks like, so that it can be looked up exactly. Undefined for a name or words. */
export function lookupKeyOf(text: string): LookupKey | undefined {
  if (/^((gpu|mig)-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return 'uuid';
  if (/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)) return 'mac';
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || /^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i.test(text)) return 'ip';
  if (/^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/i.test(text)) return 'host';
  return undefined;
}

/** An instance of Prometheus is a host with a port. */
export function withoutPort(text: string): string {
  return /^([^\s:]+):\d{1,5}$/.exec(text)?.[1] ?? text;
}
