import { ConfigError } from '../../../kit/errors.ts';
import { keyOfEntity } from '../entity.ts';
import { type Horizon, horizonMs } from '../horizon.ts';
import { type Incident, labelOf } from './incident.ts';
import { startsByEntity } from './labels-of.ts';
import type { Moments } from './moments.ts';
import { type OutOfService, outOfServiceSpans, type Spans } from './out-of-service.ts';
import { isoOf } from './sign-time.ts';

/**
 * Why a labelled row at moment t must not be learned from, since its label is known at t or not known at all:
 * - `during_incident`: an incident of the entity started at or before t and is not over, so that the windows of the features hold its signs;
 * - `label_of_past`: it is labelled `failed`, but no incident starts after t and not after t + horizon, so the label is of something before or beyond;
 * - `not_complete`: t + horizon is after the moment up to which incidents are known.
 */
export type RowLeakKind = 'during_incident' | 'label_of_past' | 'not_complete';

export interface RowLeak {
  readonly row: number;
  readonly kind: RowLeakKind;
}

export interface LeakInput {
  readonly moments: Moments;
  readonly labels: Uint8Array;
  readonly incidents: readonly Incident[];
  readonly outOfService?: readonly OutOfService[] | undefined;
  readonly horizon: Horizon;
  /** Up to here incidents are known. */
  readonly nowMs: number;
}

/** Labels that `labelsOf` made have none. Those of a file, or of another definition, may. */
export function rowLeaksOf(input: LeakInput): readonly RowLeak[] {
  const { moments, labels, incidents, outOfService = [] } = input;
  const spans = outOfServiceSpans(incidents, outOfService);
  const starts = startsByEntity(incidents);
  const keys = moments.entities.map(keyOfEntity);
  const leaks: RowLeak[] = [];
  for (const [row, label] of labels.entries()) {
    if (label === labelOf.unusable) continue;
    const key = keys[moments.entity[row] ?? -1] ?? '';
    const t = moments.atMs[row] ?? Number.NaN;
    const kind = kindOf(t, label, { spans: spans.get(key) ?? [], starts: starts.get(key) ?? [] }, input);
    if (kind !== undefined) leaks.push({ row, kind });
  }
  return leaks;
}

interface Past {
  readonly spans: Spans;
  readonly starts: readonly number[];
}

function kindOf(t: number, label: number, past: Past, { horizon, nowMs }: LeakInput): RowLeakKind | undefined {
  const until = t + horizonMs[horizon];
  if (until > nowMs) return 'not_complete';
  if (isWithin(t, past.spans)) return 'during_incident';
  if (label === labelOf.failed && !past.starts.some((start) => start > t && start <= until)) return 'label_of_past';
  return undefined;
}

function isWithin(t: number, spans: Spans): boolean {
  return spans.some((from, index) => index % 2 === 0 && from <= t && t < (spans[index + 1] ?? 0));
}

/** Throws ConfigError that names the first row with a leak, and how many there are. */
export function refuseRowLeaks(input: LeakInput): void {
  const leaks = rowLeaksOf(input);
  const [first] = leaks;
  if (first === undefined) return;
  const { entities, entity, atMs } = input.moments;
  const who = entities[entity[first.row] ?? -1];
  const where = `row ${first.row + 1} (${who === undefined ? 'no entity' : keyOfEntity(who)} at ${isoOf(atMs[first.row] ?? Number.NaN)})`;
  throw new ConfigError(`${where} ${sentences[first.kind]}; ${leaks.length} rows leak and cannot be learned from`);
}

const sentences: Readonly<Record<RowLeakKind, string>> = {
  during_incident: 'lies within an incident or out of service, so its features hold the failure; mark it as unusable',
  label_of_past: 'is labelled failed, but no incident starts within its horizon; label it by what comes after it',
  not_complete: 'has a horizon that ends after the last known incident; mark it as unusable',
};
