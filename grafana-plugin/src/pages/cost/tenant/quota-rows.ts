import type { DataFrame } from '@grafana/data';
import { samplesOf } from '../../../scenes/samples';

export interface QuotaRow {
  readonly quota: string;
  readonly resource: string;
  readonly cluster: string;
  readonly ratio: number;
  readonly limit: number | undefined;
}

/** The fullest first. */
export function quotaRows(frames: readonly DataFrame[], tenant: string): readonly QuotaRow[] {
  const key = (labels: Readonly<Record<string, string>>) =>
    JSON.stringify([labels.cluster, labels.tenant, labels.quota, labels.resource]);
  const limits = new Map(samplesOf(frames, 'quotaLimit').map(({ labels, value }) => [key(labels), value]));
  return samplesOf(frames, 'quotaUsed')
    .filter(({ labels }) => labels.tenant === tenant)
    .map(({ labels, value }) => ({
      quota: labels.quota ?? '',
      resource: labels.resource ?? '',
      cluster: labels.cluster ?? '',
      ratio: value,
      limit: limits.get(key(labels)),
    }))
    .sort((a, b) => b.ratio - a.ratio);
}
