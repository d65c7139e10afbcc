import type { NodeReading } from '../../exporters/gpu/reading.ts';
import type { InitFailure } from '../../exporters/gpu/sources/nvml/protocol.ts';

/** A process that called the driver and did not come back from it. */
export interface DriverFault {
  readonly kind: 'hung' | 'crashed';
  /** Index of the GPU that it touched; undefined if it was none in particular. */
  readonly gpu: number | undefined;
  /** In words, such as `did not answer within 20 s`. */
  readonly how: string;
}

export interface AnsweredExam {
  readonly kind: 'answered';
  /** File of the library that was loaded; undefined if that cannot be told. */
  readonly library: string | undefined;
  /** How many GPUs the driver lists, also those that are left alone. */
  readonly gpuCount: number;
  /** All tiers; the second of two, so that it has what is measured between two. */
  readonly reading: NodeReading;
  readonly hearsEvents: boolean;
  /** GPUs that were left alone in the reading, because a call to them hung or crashed. */
  readonly faults: readonly DriverFault[];
  /** What the process that calls the driver wrote to standard error. */
  readonly complaints: readonly string[];
}

/** What the driver said when it was asked once. */
export type DriverExam =
  /** Another source of readings is configured. */
  | { readonly kind: 'not_asked'; readonly reason: string }
  | {
      readonly kind: 'unavailable';
      readonly state: InitFailure;
      readonly message: string;
      readonly library: string | undefined;
    }
  | { readonly kind: 'silent'; readonly library: string | undefined; readonly faults: readonly DriverFault[] }
  | AnsweredExam;

/** Why there is nothing to judge where the driver gave no reading. */
export function silenceOf(exam: DriverExam): string {
  if (exam.kind === 'not_asked') return exam.reason;
  return exam.kind === 'answered' ? 'no GPU answers' : 'the driver does not answer';
}
