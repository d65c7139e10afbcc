import type { UsageWish } from '../dialects/request-body.ts';
import type { Thresholds } from '../metering/slo.ts';

/** A server that the proxy stands in front of. */
export interface Upstream {
  readonly name: string;
  readonly url: URL;
  /** What kind of server it is, as `engine_kind` names it; openai for any other. */
  readonly kind: string;
  /** Models that it serves; undefined asks the server. */
  readonly models: readonly string[] | undefined;
  readonly weight: number;
  /** File with the key that the proxy itself uses there, in place of the client's. */
  readonly apiKeyFile: string | undefined;
  /** File with certificates of authorities that are trusted beside the usual ones. */
  readonly caFile: string | undefined;
  readonly usage: UsageWish;
  /** Path that answers with a status below 500 while the server is well; undefined looks at the connection alone. */
  readonly healthPath: string | undefined;
}

/** What a tenant may do; what is undefined is not limited. */
export interface TenantLimits {
  readonly models: readonly string[] | undefined;
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly concurrency: number | undefined;
  /** How long a request may wait for a place. */
  readonly queueSeconds: number;
  readonly tokensPerDay: number | undefined;
  readonly tokensPerMonth: number | undefined;
}

export const noLimits: TenantLimits = {
  models: undefined,
  requestsPerMinute: undefined,
  tokensPerMinute: undefined,
  concurrency: undefined,
  queueSeconds: 0,
  tokensPerDay: undefined,
  tokensPerMonth: undefined,
};

/** Name of all whose key is not known. */
export const unknownTenant = 'unknown';

/** All that the file of the proxy says. */
export interface Gateway {
  readonly upstreams: readonly Upstream[];
  /** Names of models that are shown, beside those that upstreams name. */
  readonly models: readonly string[];
  /** Paths that pass beside those that every proxy lets pass. */
  readonly paths: ReadonlySet<string>;
  readonly tenants: ReadonlyMap<string, TenantLimits>;
  /** For tenants that the file does not name, and for unknown keys. */
  readonly defaultLimits: TenantLimits;
  readonly sloOfModels: ReadonlyMap<string, Partial<Thresholds>>;
}
