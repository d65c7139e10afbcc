import type { RunFiles } from '../run-files.ts';
import type {
  CheckpointBeginEvent,
  CheckpointEvent,
  CrashEvent,
  EvaluationEvent,
  FinishEvent,
  RunEvent,
  StartEvent,
  StepEvent,
} from '../run-model.ts';
import type { RunShape } from '../run-shape.ts';
import type { SimulatedRun } from '../simulated-run.ts';

/** Writes what the program of a run would write. */
export interface RunWriter {
  readonly start: (event: StartEvent) => void;
  readonly step: (event: StepEvent) => void;
  readonly evaluation: (event: EvaluationEvent) => void;
  readonly checkpointBegin: (event: CheckpointBeginEvent) => void;
  readonly checkpoint: (event: CheckpointEvent) => void;
  readonly crash: (event: CrashEvent) => void;
  readonly finish: (event: FinishEvent) => void;
  /** Time goes by: what lies in memory is flushed now and then. */
  readonly pass: (second: number) => void;
}

export interface WriterContext {
  readonly run: SimulatedRun;
  readonly shape: RunShape;
  readonly files: RunFiles;
  /** Unix time of a second of the simulation. */
  readonly unixSeconds: (second: number) => number;
}

export type CreateRunWriter = (context: WriterContext) => RunWriter;

export function writeEvent(writer: RunWriter, event: RunEvent): void {
  switch (event.kind) {
    case 'start':
      writer.start(event);
      break;
    case 'step':
      writer.step(event);
      break;
    case 'evaluation':
      writer.evaluation(event);
      break;
    case 'checkpoint-begin':
      writer.checkpointBegin(event);
      break;
    case 'checkpoint':
      writer.checkpoint(event);
      break;
    case 'crash':
      writer.crash(event);
      break;
    case 'finish':
      writer.finish(event);
      break;
  }
}
