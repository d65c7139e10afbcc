import type { UsageTotal, WindowRecord } from '../ledger/ledger.ts';
import { type TenantDirectory, unattributedTenant } from '../subjects/tenant-directory.ts';
import { type UsageState, usageStates } from '../usage.ts';
import type { ClusterView } from '../view.ts';

export interface ClusterInput {
  /** Name of the meter of GPU time. */
  readonly meter: string;
  /** Of the last day; other meters may be among them. */
  readonly windows: readonly WindowRecord[];
  readonly totals: readonly UsageTotal[];
  readonly directory: Pick<TenantDirectory, 'attribute'>;
  readonly atMs: number;
}

/** How the GPUs of each cluster were used, and whether the books balance. */
export function clusterViews({ meter, windows, totals, directory, atMs }: ClusterInput): readonly ClusterView[] {
  const ofMeter = totals.filter((total) => total.meter === meter);
  const records = windows.filter((window) => window.meter === meter);
  const clusters = [...new Set([...ofMeter, ...records].map(({ cluster }) => cluster))];
  return clusters.map((cluster) => {
    const own = ofMeter.filter((total) => total.cluster === cluster);
    const used = own.filter(({ state }) => state === 'used');
    return {
      cluster,
      conservationErrorSeconds: conservationError(records.filter((record) => record.cluster === cluster)),
      states: statesOf(own),
      unattributed: shareOf(used, (total) => unattributedShare(total, directory, atMs)),
    };
  });
}

function statesOf(totals: readonly UsageTotal[]): ClusterView['states'] {
  const all = sum(totals.map(heldMs));
  if (all <= 0) return undefined;
  const ofState = (state: UsageState): number => sum(totals.filter((total) => total.state === state).map(heldMs));
  return new Map(usageStates.map((state) => [state, ofState(state) / all]));
}

function shareOf(totals: readonly UsageTotal[], part: (total: UsageTotal) => number): number | undefined {
  const all = sum(totals.map(heldMs));
  return all <= 0 ? undefined : sum(totals.map((total) => heldMs(total) * part(total))) / all;
}

function unattributedShare(total: UsageTotal, directory: Pick<TenantDirectory, 'attribute'>, atMs: number): number {
  const owners = directory.attribute(total, atMs).filter(({ tenant }) => tenant === unattributedTenant);
  return sum(owners.map(({ share }) => share.num / share.den));
}

function conservationError(records: readonly WindowRecord[]): number | undefined {
  const known = records.flatMap(({ conservation }) => conservation ?? []);
  if (known.length === 0) return undefined;
  return sum(known.map(({ error }) => Number(error.num) / Number(error.den))) / 1000;
}

function heldMs({ quantity, share }: Pick<UsageTotal, 'quantity' | 'share'>): number {
  return (Number(quantity) * share.num) / share.den;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
