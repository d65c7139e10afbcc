import { type Framework, frameworks } from '../../schema/frameworks.ts';

/** The state of a progress bar. */
export interface Bar {
  readonly step: number;
  readonly total: number;
}

/** What a log has said so far and later lines are read by. Survives a restart. */
export interface LogMemory {
  /** Of the first line that was understood. */
  framework: Framework | undefined;
  /** The last bar without a description. */
  bar: Bar | undefined;
  /** The bar that stood there when a training loss was logged. */
  trainingBar: Bar | undefined;
  /** The bar of the training fell and has not moved since. */
  startsAgain: boolean;
  /** Last step of a line that has one. */
  step: number | undefined;
  /** DeepSpeed counts skipped steps from the beginning. */
  skipped: number | undefined;
  /** Times without a zone were found to be UTC. */
  isUtc: boolean;
  /** The bytes go on in a line that is too long. */
  isSkipping: boolean;
}

/** Makes sense of what was saved, whatever it is. */
export function readMemory(saved: unknown): LogMemory {
  const fields = typeof saved === 'object' && saved !== null ? (saved as Readonly<Record<string, unknown>>) : {};
  return {
    framework: frameworks.find((each) => each === fields['framework']),
    bar: readBar(fields['bar']),
    trainingBar: readBar(fields['trainingBar']),
    startsAgain: fields['startsAgain'] === true,
    step: readCount(fields['step']),
    skipped: readCount(fields['skipped']),
    isUtc: fields['isUtc'] === true,
    isSkipping: fields['isSkipping'] === true,
  };
}

function readBar(saved: unknown): Bar | undefined {
  const fields = typeof saved === 'object' && saved !== null ? (saved as Readonly<Record<string, unknown>>) : {};
  const step = readCount(fields['step']);
  const total = readCount(fields['total']);
  return step === undefined || total === undefined || step > total ? undefined : { step, total };
}

function readCount(saved: unknown): number | undefined {
  return typeof saved === 'number' && Number.isSafeInteger(saved) && saved >= 0 ? saved : undefined;
}
