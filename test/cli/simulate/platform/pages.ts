import type { Month } from '../../../../cli/simulate/billing/month.ts';
import { simulatedMonth } from '../../../../cli/simulate/billing/simulated-month.ts';
import { platformPages } from '../../../../cli/simulate/platform/start-simulated-platform.ts';
import { type ParsedFamily, parseExposition, type Sample } from '../../../support/exposition.ts';

export const nowSeconds = Date.UTC(2026, 9, 1) / 1000;

/** The cluster after an hour, as `fleetlens up` without a history has it. */
export function monthOf(key: { readonly seed: number; readonly nodes: number; readonly gpus: number }): Month {
  return simulatedMonth({ ...key, span: { startMs: (nowSeconds - 3_600) * 1000, endMs: nowSeconds * 1000 } });
}

export type Families = ReadonlyMap<string, ParsedFamily>;

const pagesOf = new WeakMap<Month, ReturnType<typeof platformPages>>();

export function readPage(month: Month, path: string, atSeconds = nowSeconds + 60): Families {
  const pages = pagesOf.get(month) ?? platformPages(month, nowSeconds);
  pagesOf.set(month, pages);
  const page = pages.get(path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return parseExposition('text', page(atSeconds));
}

/** Samples that have these labels. */
export function samplesOf(families: Families, name: string, where: Sample['labels'] = {}): readonly Sample[] {
  const samples = families.get(name)?.samples ?? [];
  return samples.filter(({ labels }) => Object.entries(where).every(([label, value]) => labels[label] === value));
}

export function sumOf(families: Families, name: string, where: Sample['labels'] = {}): number {
  return samplesOf(families, name, where).reduce((sum, { value }) => sum + Number(value), 0);
}
