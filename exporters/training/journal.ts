import type { Framework } from './schema/frameworks.ts';
import type { Quantity } from './schema/quantities.ts';

/** Kinds of sources. Of two that tell of the same steps the one that stands first decides how long they took. */
export const sourceKinds = [
  'push',
  'command',
  'event_files',
  'logs',
  'rank_logs',
  'trainer_state',
  'checkpoints',
] as const;
export type SourceKind = (typeof sourceKinds)[number];

export interface RunIdentity {
  /** Tells the run from every other and stays the same through restarts: the absolute path of its folder, or `push:<job>:<run>`. */
  readonly key: string;
  /** Label `run`. */
  readonly run: string;
  /** Label `run` if another run has the same labels already. */
  readonly longName: string;
  /** Empty where it is not known. A run that goes on under another job takes its id. */
  readonly jobId: string;
  readonly host: string;
  readonly namespace: string;
  readonly pod: string;
}

export const runPhases = [
  'starting',
  'training',
  'evaluating',
  'checkpointing',
  'restarting',
  'finished',
  'failed',
  'ended',
] as const;
export type RunPhase = (typeof runPhases)[number];

/** What sources write into. They say what they see and decide nothing. */
export interface Journal {
  /** Undefined where the limit of runs is reached. The same kind and id give the same stream, also after a restart of the exporter. */
  readonly openStream: (identity: RunIdentity, kind: SourceKind, id: string) => RunStream | undefined;
}

/** When and where in training something was; what is not known is left out. */
export interface Moment {
  /** Optimizer steps. */
  readonly step?: number | undefined;
  /** Unix time as the writer tells it. Without it things happened when they were read, which `settle` tells. */
  readonly timeSeconds?: number | undefined;
}

export interface PhaseTime extends Moment {
  readonly phase: string;
  readonly seconds: number;
  readonly rank?: number | undefined;
  readonly memoryDeltaBytes?: number | undefined;
  /** How often the phase took that time, where the teller reports only some of many; once unless it is said. */
  readonly times?: number | undefined;
}

export interface Checkpoint extends Moment {
  readonly outcome: 'complete' | 'failed';
}

/** One teller of a run: an event file, a log, a client. Each goes its own way through the steps. */
export interface RunStream {
  /** What writes, once it shows. */
  readonly framework: (name: Framework) => void;
  /** One value of the schema in base units, NaN and infinity included. Called for every scalar, so it takes no object. */
  readonly value: (
    quantity: Quantity,
    value: number,
    step: number | undefined,
    timeSeconds: number | undefined,
  ) => void;
  /** The training loss was reported as not finite by being left out. */
  readonly lossMissing: (moment: Moment) => void;
  /** A scalar that is in no table and that the mapping allows. */
  readonly scalar: (tag: string, value: number) => void;
  /** The writer begins, at first or anew; what was said before about steps above `step` is void, if it says a step. */
  readonly sessionStart: (moment: Moment) => void;
  readonly phaseTime: (time: PhaseTime) => void;
  readonly checkpoint: (checkpoint: Checkpoint) => void;
  /** The run says what it does now. `exitCode` belongs to finished, failed and restarting. */
  readonly enter: (phase: RunPhase, details: Moment & { readonly exitCode?: number | undefined }) => void;
  /** Whether the process that writes is there; undefined where nobody can tell. */
  readonly writerAlive: (alive: boolean | undefined) => void;
  /** What was read in one go is complete. `readAtSeconds` is undefined while old data are caught up with. */
  readonly settle: (readAtSeconds: number | undefined) => void;
  /** The stream says no more, such as a file that is gone. */
  readonly close: () => void;
}
