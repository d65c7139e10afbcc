import type { Framework } from '../../schema/frameworks.ts';

/** The only version that there is; a message may leave it out. */
export const protocolVersion = 1;
export const pushPath = '/api/v1/push';

/** What a message may hold. Senders keep to it, and the receiver refuses more. */
export const pushLimits = {
  bodyBytes: 256 * 1024,
  /** Kubernetes allows 253 characters for a name, file systems 255. */
  nameCharacters: 256,
  phaseCharacters: 64,
  records: 5000,
  /** Values of one record, and durations of one phase in it. */
  values: 1000,
  /** A record is refused if it is further away from now, before or after: then a clock is wrong, or the unit of the time. */
  timeSeconds: 24 * 3600,
} as const;

/** JSON has no word for what is not finite. Python writes NaN and Infinity without quotes, which is understood too. */
export type PushNumber = number | 'NaN' | 'Infinity' | '-Infinity' | null;

/** Body of POST /api/v1/push. `null` stands for what is not there. */
export interface PushBody {
  readonly version?: number;
  /** Label `run`. */
  readonly run: string;
  readonly job_id?: string | null;
  /** Without it `custom`; null if it is not known yet. */
  readonly framework?: Framework | null;
  readonly host?: string | null;
  readonly namespace?: string | null;
  readonly pod?: string | null;
  readonly records: readonly PushRecord[];
}

export interface PushRecord {
  /** Optimizer step. */
  readonly step?: number | null;
  /** Unix time in seconds; without it the time at which the message arrives. */
  readonly time?: number | null;
  /** The run begins anew; what was said about steps above this one is void. True where the step is not known. */
  readonly session_start?: number | true | null;
  /** By the name of the schema, else by a tag that the mapping knows or allows. */
  readonly values?: Readonly<Record<string, PushNumber>> | null;
  /** The training loss is not finite, and is left out for that. */
  readonly loss_missing?: boolean | null;
  readonly phases?: readonly PushPhase[] | null;
  readonly checkpoint?: PushCheckpoint | null;
  /** Whether the process that trains is there. */
  readonly alive?: boolean | null;
  /** What the run does now. */
  readonly enter?: string | null;
  /** Belongs to finished, failed and restarting. */
  readonly exit_code?: number | null;
}

export interface PushPhase {
  readonly phase: string;
  /** A list if the phase happened several times. */
  readonly seconds: number | readonly number[];
  readonly rank?: number | null;
  /** During the last time of the phase. */
  readonly memory_delta_bytes?: number | null;
}

export interface PushCheckpoint {
  readonly step?: number | null;
  readonly outcome?: 'complete' | 'failed' | null;
}

/** Answer with status 200. */
export interface PushAnswer {
  /** Records. */
  readonly accepted: number;
  /** Some of the names of values that are neither in the schema nor known or allowed by the mapping. */
  readonly unknown: readonly string[];
}
