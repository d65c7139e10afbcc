import type { NearMiss } from './find/near-misses.ts';
import type { ValueUnit } from './quantity-series.ts';
import type { CurvePart } from './read/curve.ts';
import type { UnreadPath } from './read/unread-paths.ts';

/** Everything that is said, as data. Text and JSON are made of it. */
export interface InspectReport {
  readonly path: string;
  readonly is: 'file' | 'run' | 'runs' | 'nothing' | 'missing';
  /** What --runs.paths would have to be. */
  readonly patterns: readonly string[];
  /** Folders in a run that look like runs of their own. */
  readonly runFolders: readonly string[];
  /** Read and told of a training, those that were written last first. */
  readonly runs: readonly RunReport[];
  /** Read, and nothing of a training was found in them. */
  readonly silent: readonly SilentRun[];
  /** Not read. */
  readonly others: readonly OtherRun[];
  /** How many there are of the others, also where not all are named. */
  readonly otherCount: number;
  readonly nearMisses: readonly NearMiss[];
  readonly unreadPaths: readonly UnreadPath[];
  readonly didYouMean: string | undefined;
  readonly tooDeep: number;
  /** There is more than is looked through. */
  readonly isCut: boolean;
  readonly nowSeconds: number;
  /** The command that shows the runs; undefined if there is nothing to show. */
  readonly command: string | undefined;
  /** What else to do, in words. */
  readonly advice: readonly string[];
  readonly lookedFor: readonly string[];
}

export interface OtherRun {
  readonly run: string;
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  readonly writtenAt: number | undefined;
}

export interface SilentRun extends OtherRun {
  readonly problems: readonly Problem[];
}

export interface RunReport extends OtherRun {
  /** False if the exporter would not show it, as none of its values is in the schema. */
  readonly isShown: boolean;
  readonly jobId: string;
  readonly namespace: string;
  readonly pod: string;
  readonly host: string;
  readonly framework: string;
  /** If files of several frameworks were understood. */
  readonly frameworks: readonly string[];
  readonly phase: string;
  readonly isAlive: boolean | undefined;
  readonly exitCode: number | undefined;
  readonly startedAt: number | undefined;
  readonly lastSignAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly steps: Steps;
  readonly restarts: number;
  readonly rollbacks: number;
  readonly wastedSteps: number;
  readonly nonfiniteLosses: number;
  readonly lossSpikes: number;
  readonly checkpoints: CheckpointReport;
  readonly ranks: number;
  readonly values: readonly ValueReport[];
  readonly sources: readonly SourceReport[];
  readonly problems: readonly Problem[];
  /** Problems beyond those that are named. */
  readonly furtherProblems: number;
  readonly tags: readonly TagReport[];
  readonly tagsLeftOut: number;
  /** Tags outside the schema that look like a loss, if there is none. */
  readonly lossLike: readonly string[];
  readonly plot: PlotData;
}

export interface Steps {
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly max: number | undefined;
  readonly medianSeconds: number | undefined;
  /** Steps between two reports. */
  readonly perReport: number | undefined;
  readonly secondsLeft: number | undefined;
}

export interface CheckpointReport {
  readonly complete: number;
  readonly failed: number;
  readonly lastStep: number | undefined;
  readonly lastAt: number | undefined;
}

export interface ValueReport {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly unit: ValueUnit;
}

export interface SourceReport {
  readonly kind: string;
  readonly files: number;
  readonly bytes: number;
  readonly readBytes: number;
  readonly records: number;
}

export interface Problem {
  readonly path: string | undefined;
  readonly what: string;
  readonly remedy: string | undefined;
}

export interface TagReport {
  /** Undefined for what a source tells without a tag. */
  readonly tag: string | undefined;
  readonly source: string | undefined;
  readonly is: 'metric' | 'ignored' | 'scalar' | 'unknown' | 'no_scalar';
  readonly metric: string | undefined;
  readonly reason: string | undefined;
  readonly last: number | undefined;
  readonly unit: ValueUnit;
}

export interface PlotData {
  readonly axis: 'step' | 'report';
  readonly loss: readonly CurvePart[];
  readonly evalLoss: readonly CurvePart[];
}
