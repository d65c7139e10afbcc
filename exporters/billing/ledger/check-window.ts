import { SourceError } from '../../../kit/errors.ts';
import type { MeteredWindow, Usage, UsageKey } from '../usage.ts';

/** The longest window; the queries of the ledger rely on it. */
export const longestWindowMs = 86_400_000;
/** Of base units in one window; what is more was misread. */
export const largestQuantity = 10n ** 30n;

/** Throws a SourceError that names the window and the usage for what no meter can have found. */
export function checkWindow(window: MeteredWindow): void {
  const { startMs, endMs } = window.span;
  const where = `the window ${windowText(window)}`;
  if (!isTime(startMs) || !isTime(endMs) || endMs <= startMs) {
    throw new SourceError(
      `${where} is refused: it must begin before it ends, in whole milliseconds (${startMs} to ${endMs})`,
    );
  }
  if (endMs - startMs > longestWindowMs) {
    throw new SourceError(`${where} is refused: it is longer than a day; meter it in shorter ones`);
  }
  for (const usage of window.usages) checkUsage(usage, window, where);
}

function checkUsage(usage: Usage, window: MeteredWindow, where: string): void {
  const { quantity, share } = usage;
  const refuse = (why: string): SourceError => new SourceError(`${where} is refused: ${keyName(usage)} ${why}`);
  if (usage.meter !== window.meter || usage.cluster !== window.cluster) {
    throw refuse(`is of ${usage.meter} in ${usage.cluster}`);
  }
  if (typeof quantity !== 'bigint') throw refuse(`has the quantity ${String(quantity)}, which is no whole number`);
  if (quantity < 0n) throw refuse(`has the negative quantity ${quantity}`);
  if (quantity > largestQuantity)
    throw refuse(`has a quantity of ${quantity}, more than 10^30; look at its meter's scale`);
  if (!Number.isSafeInteger(share.num) || !Number.isSafeInteger(share.den) || share.num < 1 || share.num > share.den) {
    throw refuse(`has the share ${share.num}/${share.den}, which is no part of a whole`);
  }
}

export function keyName({ meter, resource, node, state, holder }: UsageKey): string {
  const whose = Object.entries(holder).map(([name, value]) => `${name}=${value}`);
  return `${[meter, resource === '' ? node : resource, state, ...whose].join(' ')}`.slice(0, 300);
}

export function windowText({ meter, cluster, span }: Pick<MeteredWindow, 'meter' | 'cluster' | 'span'>): string {
  return `of ${meter} in ${cluster === '' ? 'the cluster without a name' : cluster} from ${timeText(span.startMs)} to ${timeText(span.endMs)}`;
}

export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** Within the years that the database and JavaScript have in common. */
function isTime(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms < latestMs;
}

const latestMs = Date.UTC(9000, 0);
