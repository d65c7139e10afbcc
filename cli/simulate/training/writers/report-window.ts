import type { StepEvent } from '../run-model.ts';

/** Steps since the last report. */
export interface ReportWindow {
  /** The steps that are to be reported together, if this step completes them. */
  readonly add: (step: StepEvent) => readonly StepEvent[] | undefined;
  readonly clear: () => void;
}

export function createReportWindow(every: number): ReportWindow {
  let steps: StepEvent[] = [];
  return {
    add: (step) => {
      steps.push(step);
      if (step.step % every !== 0) return undefined;
      const complete = steps;
      steps = [];
      return complete;
    },
    clear: () => {
      steps = [];
    },
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
