import type { Span } from '../span.ts';
import type { Share, UsageKey } from '../usage.ts';

export interface Tenant {
  readonly name: string;
  /** As bills show it. */
  readonly title: string;
  readonly costCentre: string;
  /** IANA name; bills begin and end by it. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** Usage that no rule gives to anybody is theirs, and shown as such. */
export const unattributedTenant = 'unattributed';

export interface Attribution {
  readonly tenant: string;
  readonly costCentre: string;
  /** Those of one usage add up to 1. */
  readonly share: Share;
  /** Which rule decided, for whoever asks why: `tenants[2].owns[0]`. */
  readonly by: string;
  /** Another rule that says just as exactly that it is somebody else's; the one that stands first in the file has decided. */
  readonly contestedBy?: string;
}

/** Whose a usage is, at a time. */
export interface TenantDirectory {
  readonly tenants: readonly Tenant[];
  readonly attribute: (
    usage: Pick<UsageKey, 'cluster' | 'node' | 'resource' | 'holder' | 'state'>,
    atMs: number,
  ) => readonly Attribution[];
  /** Moments within the span at which an attribution may change. */
  readonly cuts: (span: Span) => readonly number[];
}
