import type { Usage } from './usage.ts';

export type Status = 'success' | 'error' | 'cancelled' | 'timeout' | 'rejected';

/** Label of all models, and of all tenants of a service, that have none of their own. */
export const otherName = 'other';

/** How a request ended: the values of the labels `status` and `reason`. */
export interface Ending {
  readonly status: Status;
  readonly reason: string;
}

export const success: Ending = { status: 'success', reason: '' };

/** Whose request it was, with values that are safe as labels. */
export interface RequestLabels {
  readonly engineKind: string;
  readonly modelName: string;
  readonly tenant: string;
}

/** A request that has ended, with all that was measured. Times are in seconds. */
export interface EndedRequest extends Ending {
  readonly labels: RequestLabels;
  /** OpenTelemetry's name of what was asked for: chat, text_completion, embeddings. */
  readonly operation: string;
  readonly seconds: number;
  readonly queueSeconds: number | undefined;
  readonly firstTokenSeconds: number | undefined;
  readonly secondsPerOutputToken: number | undefined;
  /** What the server told, completed by counting pieces where it told nothing. */
  readonly usage: Usage;
  /** The generated tokens are counted by pieces. */
  readonly isEstimated: boolean;
  /** Kind of the server that it was handed to last; undefined for none, and where its kind is not known. */
  readonly serverKind: string | undefined;
  /** Id of the trace that the request belongs to, if it is recorded. */
  readonly traceId: string | undefined;
}
