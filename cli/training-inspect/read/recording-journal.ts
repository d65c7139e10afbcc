import type { Journal, RunStream, SourceKind } from '../../../exporters/training/journal.ts';
import type { Framework } from '../../../exporters/training/schema/frameworks.ts';
import { type Quantity, quantitySpec } from '../../../exporters/training/schema/quantities.ts';
import { type Curve, createCurve } from './curve.ts';
import type { TagNotes } from './tag-notes.ts';

/** What is remembered of what streams told, beside what the book keeps. */
export interface Recording {
  /** Passes everything on to the book, but scalars that the mapping does not allow. */
  readonly journal: Journal;
  readonly frameworks: () => readonly Framework[];
  readonly firstStep: () => number | undefined;
  /** Curves by kind of source; `reports` are those of values without a step, by their number. */
  readonly curves: (what: CurveName) => ReadonlyMap<SourceKind, Curves>;
  /** Says that all is read, which makes a run shown, and whether its process is there. */
  readonly settle: (nowSeconds: number) => void;
}

export type CurveName = 'loss' | 'eval_loss';

export interface Curves {
  readonly bySteps: Curve;
  readonly byReports: Curve;
  reports: number;
}

interface Opened {
  stream: RunStream | undefined;
  /** Whether the writer is there now, which is told last. */
  alive: boolean | undefined;
}

export function createRecording(book: Journal, notes: TagNotes): Recording {
  const curves = { loss: new Map<SourceKind, Curves>(), eval_loss: new Map<SourceKind, Curves>() };
  const frameworks = new Set<Framework>();
  const opened: Opened[] = [];
  let firstStep: number | undefined;

  function curvesOf(name: CurveName, kind: SourceKind): Curves {
    const known = curves[name].get(kind);
    if (known !== undefined) return known;
    const created = { bySteps: createCurve(), byReports: createCurve(), reports: 0 };
    curves[name].set(kind, created);
    return created;
  }

  function addToCurve(name: CurveName, kind: SourceKind, value: number, step: number | undefined): void {
    const { bySteps, byReports } = curvesOf(name, kind);
    if (step !== undefined && Number.isFinite(step)) bySteps.add(step, value);
    else byReports.add(++curvesOf(name, kind).reports, value);
  }

  function record(kind: SourceKind, quantity: Quantity, value: number, step: number | undefined): void {
    notes.tookValue(kind, quantity, value);
    if (quantity === 'loss' || quantity === 'eval_loss') addToCurve(quantity, kind, value, step);
    const isOfTraining = quantitySpec(quantity).evaluates !== true && quantity !== 'finished';
    if (isOfTraining && step !== undefined && step < (firstStep ?? Number.POSITIVE_INFINITY)) firstStep = step;
  }

  function wrap(kind: SourceKind, open: () => RunStream | undefined): Omit<RunStream, 'settle' | 'writerAlive'> {
    return {
      framework: (name) => {
        frameworks.add(name);
        open()?.framework(name);
      },
      value: (quantity, value, step, timeSeconds) => {
        record(kind, quantity, value, step);
        open()?.value(quantity, value, step, timeSeconds);
      },
      lossMissing: (moment) => {
        addToCurve('loss', kind, Number.NaN, moment.step);
        open()?.lossMissing(moment);
      },
      scalar: (tag, value) => {
        if (notes.tookScalar(tag, value)) open()?.scalar(tag, value);
      },
      sessionStart: (moment) => open()?.sessionStart(moment),
      phaseTime: (time) => open()?.phaseTime(time),
      checkpoint: (checkpoint) => open()?.checkpoint(checkpoint),
      enter: (phase, details) => open()?.enter(phase, details),
      close: () => {},
    };
  }

  return {
    journal: {
      openStream: (identity, kind, id) => {
        const told: Opened = { stream: undefined, alive: undefined };
        const open = (): RunStream | undefined => {
          if (told.stream === undefined) {
            told.stream = book.openStream(identity, kind, id);
            opened.push(told);
          }
          return told.stream;
        };
        // A log opens its stream when it has something to tell, which may be a scalar that is not to be shown.
        if (kind !== 'logs') open();
        return {
          ...wrap(kind, open),
          settle: (at) => told.stream?.settle(at),
          writerAlive: (alive) => {
            told.alive = alive;
          },
        };
      },
    },
    frameworks: () => [...frameworks],
    firstStep: () => firstStep,
    curves: (name) => curves[name],
    settle: (nowSeconds) => {
      for (const { stream, alive } of opened) {
        stream?.settle(nowSeconds);
        if (alive !== undefined) stream?.writerAlive(alive);
      }
    },
  };
}
