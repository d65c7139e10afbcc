import type { Question } from '../../../services/ask';
import { type ItemRef, maybeItemRef, readItemRef } from './item-ref';
import { listIn, maybeText, numberIn, recordOf, textIn } from './json';

export interface Count {
  readonly down: number;
  readonly degraded: number;
}

export interface ClassImpact extends Count {
  readonly class: string;
}

export interface TenantImpact {
  /** Undefined for what belongs to nobody. */
  readonly tenant: ItemRef | undefined;
  readonly servers: Count;
  readonly gpus: Count;
  readonly applications: Count;
}

export interface Affected extends ItemRef {
  readonly impact: 'down' | 'degraded';
  readonly distance: number;
  /** Why, from what fails to the item itself. */
  readonly path: readonly ItemRef[];
}

/** What breaks if the item fails. */
export interface Impact extends Count {
  readonly classes: readonly ClassImpact[];
  readonly tenants: readonly TenantImpact[];
  readonly affected: readonly Affected[];
  readonly isTruncated: boolean;
}

export function readImpact(value: unknown): Impact {
  const from = recordOf(value, 'the impact');
  return {
    ...countOf(from),
    classes: listIn(from, 'classes', (each) => ({
      ...countOf(each),
      class: textIn(recordOf(each, 'a class'), 'class'),
    })),
    tenants: listIn(from, 'tenants', readTenant),
    affected: listIn(from, 'affected', readAffected),
    isTruncated: from.truncated === true,
  };
}

export function impactQuestion(
  id: number,
  { classes, limit }: { classes: readonly string[]; limit: number },
): Question<Impact> {
  const params = { limit, ...(classes.length === 0 ? {} : { class: classes.join(',') }) };
  return { service: 'cmdb', path: `/api/v1/items/${id}/impact`, params, read: readImpact };
}

function countOf(value: unknown): Count {
  const from = recordOf(value, 'a count');
  return { down: numberIn(from, 'down'), degraded: numberIn(from, 'degraded') };
}

function readTenant(value: unknown): TenantImpact {
  const from = recordOf(value, 'a tenant');
  return {
    tenant: maybeItemRef(from, 'tenant'),
    servers: countOf(from.servers),
    gpus: countOf(from.gpus),
    applications: countOf(from.applications),
  };
}

function readAffected(value: unknown): Affected {
  const from = recordOf(value, 'an affected item');
  return {
    ...readItemRef(from),
    impact: maybeText(from, 'impact') === 'degraded' ? 'degraded' : 'down',
    distance: numberIn(from, 'distance'),
    path: listIn(from, 'path', readItemRef),
  };
}
