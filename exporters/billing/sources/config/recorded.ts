import { longTermName, longTermSeries } from '../../../../metrics/long-term.ts';
import { parseSelector } from './fields.ts';

const recorded: ReadonlySet<string> = new Set(longTermSeries.map(({ name }) => name));

/** The selector of what was recorded of a series; of one that is not recorded its own. */
export function recordedSelector(selector: string): string {
  const parsed = parseSelector(selector);
  if (parsed === undefined || !recorded.has(parsed.name)) return selector;
  return parsed.matchers === '' ? longTermName(parsed.name) : `${longTermName(parsed.name)}{${parsed.matchers}}`;
}
