import { addressOrder } from '../facts/host-address.ts';
import type { FactPatterns } from '../facts/match-facts.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { LifecycleState } from '../model/state.ts';

/** One list of targets: for one job of Prometheus. */
export interface SdList {
  /** In its path, /api/v1/sd/NAME, and in metrics. */
  readonly name: string;
  readonly class: ItemClass;
  readonly match: FactPatterns;
  readonly states: readonly LifecycleState[];
  readonly port: number;
  /** Where the address is looked for: attributes and identities, the best first. */
  readonly address: readonly string[];
  readonly path: string | undefined;
  readonly scheme: 'http' | 'https' | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** Further labels: the fact or attribute, and the label that it goes into. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface SdSettings {
  readonly lists: readonly SdList[];
  /** An answer that lost a larger share of the targets than this is refused. */
  readonly maxShrink: number;
  /** Whether targets have labels that last, such as rack, without relabelling. */
  readonly hasReadyLabels: boolean;
  /** How long, in seconds, the inventory in memory is good enough while the database does not answer. */
  readonly maxAgeSeconds: number;
  /** Where the last good lists are written for file_sd. */
  readonly fileFolder: string | undefined;
}

/** What a list has where the configuration says nothing. What is planned or gone is no target: it would only be down. */
export const plainList = {
  states: ['in_service', 'maintenance'],
  address: addressOrder,
  path: undefined,
  scheme: undefined,
  params: {},
  labels: {},
} as const satisfies Partial<SdList>;

/** What is served without any configuration. */
export const defaultLists: readonly SdList[] = [
  { ...plainList, name: 'gpu', class: 'server', match: { has_gpus: ['true'] }, port: 9400 },
  { ...plainList, name: 'training', class: 'server', match: { has_gpus: ['true'] }, port: 9410 },
  { ...plainList, name: 'node', class: 'server', match: {}, port: 9100 },
];

export const defaultSdSettings: SdSettings = {
  lists: defaultLists,
  maxShrink: 0.5,
  hasReadyLabels: true,
  maxAgeSeconds: 3600,
  fileFolder: undefined,
};
