import type { inference } from '../inference.ts';

export type InferenceName = keyof typeof inference & string;

/** Values of the label `engine_kind` that stand for a server of models. */
export type EngineKind =
  | 'vllm'
  | 'sglang'
  | 'tgi'
  | 'triton'
  | 'tensorrt_llm'
  | 'llamacpp'
  | 'ray_serve'
  | 'kserve'
  | 'litellm'
  | 'ollama';

export type RequestStatus = 'success' | 'error' | 'cancelled' | 'timeout' | 'rejected';

/** How the status of a request follows from a label of the engine, which is kept as `reason`. */
export interface StatusRule {
  readonly from: string;
  /** In order; the value of the label has to match as a whole. */
  readonly cases: readonly { readonly match: string; readonly status: RequestStatus }[];
  readonly otherwise: RequestStatus;
}

/** One series of the engine and what it becomes. */
export interface EngineSeries {
  readonly unified: InferenceName;
  /** As the engine writes it; of a histogram without `_bucket`, `_sum` and `_count`. */
  readonly native: string;
  /** Names that versions before had, the newest first. A version in between may have two of them at once. */
  readonly formerly?: readonly string[];
  /** Only series with these labels; the empty text stands for a label that is not there. */
  readonly where?: Readonly<Record<string, string>>;
  /** For requests: how they ended. */
  readonly status?: RequestStatus | StatusRule;
  /** How many units of the engine make one of ours: 1000 for milliseconds. Relabelling cannot divide. */
  readonly unitsPerBase?: number;
  /** The engine tells only the sum, as a counter; this counter tells how many. Relabelling cannot put them together. */
  readonly countedBy?: string;
  /** Why relabelling must leave it out although it is only a name, such as a native series that has two meanings. */
  readonly normaliserOnly?: string;
}

/** Versions whose names are not the present ones, scraped by a job of their own. */
export interface FormerVersions {
  /** Part of the name of the job. */
  readonly id: string;
  readonly about: string;
}

/** A kind of server, where its metrics are, and what they become. */
export interface Engine {
  readonly kind: EngineKind;
  readonly title: string;
  readonly port: number;
  /** Where Prometheus finds metrics; undefined where the engine has none. */
  readonly path: string | undefined;
  /** Labels that name the model, the first that is there counts. Empty where whoever scrapes has to name it. */
  readonly modelLabels: readonly string[];
  readonly series: readonly EngineSeries[];
  readonly formerVersions?: FormerVersions;
  /** What to switch on, so that the metrics are there. */
  readonly switchOn: string;
  /** What cannot be had from its metrics, or means something else. */
  readonly limits: readonly string[];
}

/** Whether a series can be had by relabelling alone. */
export function isRelabelled({ unitsPerBase, countedBy, normaliserOnly }: EngineSeries): boolean {
  return unitsPerBase === undefined && countedBy === undefined && normaliserOnly === undefined;
}
