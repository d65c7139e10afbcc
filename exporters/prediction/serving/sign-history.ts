import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { PredictionSource } from '../prediction-file/source.ts';
import { closeAbsences } from '../sources/prometheus/close-absences.ts';
import type { HistoryApi } from '../sources/prometheus/history-api.ts';
import type { LabelSigns } from '../sources/prometheus/label-signs.ts';
import { readLabelSigns } from '../sources/prometheus/read-label-signs.ts';
import { emptySigns, openAbsences, overlapMs, type SignBook, signsSince, withSigns } from './sign-book.ts';

/** Where the book stays between two runs of the process. */
export interface SignKeeper {
  readonly load: () => Promise<SignBook | undefined>;
  readonly save: (book: SignBook) => Promise<void>;
}

/** Signs of failures of one source: those of late are read with each scoring, those of before once. */
export interface SignHistory {
  readonly signs: () => LabelSigns;
  /** Up to here all is read without a gap; undefined before the history was. */
  readonly untilMs: () => number | undefined;
  readonly readLate: (atMs: number, signal: AbortSignal) => Promise<void>;
  /** Reads what is missing, stretch by stretch, and keeps each. `onProgress` gets the share that is done. */
  readonly catchUp: (span: CatchUpSpan, signal: AbortSignal) => Promise<void>;
}

export interface CatchUpSpan {
  /** Nothing before it is of use. */
  readonly keepMs: number;
  /** Where it begins if nothing was read yet. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly onProgress: (share: number) => void;
}

const dayMs = 86_400_000;
const stretchMs = 7 * dayMs;
/** Late ones are looked for by steps of five minutes, those of before by hours. */
const lateStepMs = 300_000;
const pastStepMs = 3_600_000;

interface Deps {
  readonly source: PredictionSource;
  readonly api: HistoryApi;
  readonly keeper: SignKeeper;
  readonly log: Log;
}

export async function createSignHistory({ source, api, keeper, log }: Deps): Promise<SignHistory> {
  let past = await keeper.load().catch((error: unknown) => {
    log.warn('the signs of failures are read again', { source: source.name, reason: reasonOf(error) });
    return undefined;
  });
  /** Of the last day, and of the time since the process began. */
  let late: { readonly fromMs: number; readonly book: SignBook } | undefined;

  async function read(book: SignBook, fromMs: number, untilMs: number, stepMs: number, signal: AbortSignal) {
    const request = {
      labels: source.labels,
      matchers: source.match,
      stepMs,
      startMs: fromMs,
      endMs: untilMs,
      signal,
    };
    const signs = await readLabelSigns(api, request);
    const reviewed = await closeAbsences(api, openAbsences(book, fromMs), request);
    return { signs, fromMs, untilMs, reviewed };
  }

  /** What is known of all time, with the late ones in place of what is known of their time otherwise. */
  function together(): SignBook {
    if (late === undefined) return past ?? { untilMs: 0, signs: emptySigns };
    const { fromMs, book } = late;
    if (past === undefined) return book;
    const open = openAbsences(past, fromMs);
    const closed = new Map(
      book.signs.absences.filter((each) => each.fromMs <= fromMs).map((each) => [each.fromMs + each.entity.uuid, each]),
    );
    const reviewed = open.map((each) => closed.get(each.fromMs + each.entity.uuid) ?? each);
    const signs = { ...book.signs, absences: book.signs.absences.filter((each) => each.fromMs > fromMs) };
    return withSigns(past, { signs, fromMs, untilMs: book.untilMs, reviewed });
  }

  return {
    signs: () => together().signs,
    untilMs: () => past?.untilMs,
    readLate: async (atMs, signal) => {
      // A clock that was put back begins anew.
      if (late !== undefined && late.book.untilMs > atMs + overlapMs) late = undefined;
      const known = late ?? { fromMs: atMs - dayMs, book: { untilMs: atMs - dayMs, signs: emptySigns } };
      const fromMs = Math.max(known.fromMs, known.book.untilMs - overlapMs);
      // What was open before the late ones began is looked at with them.
      const open = past === undefined ? [] : openAbsences(past, known.fromMs);
      const missing = open.filter(
        (each) =>
          !known.book.signs.absences.some((one) => one.fromMs === each.fromMs && one.entity.uuid === each.entity.uuid),
      );
      const book = {
        ...known.book,
        signs: { ...known.book.signs, absences: [...missing, ...known.book.signs.absences] },
      };
      const fresh = withSigns(book, await read(book, fromMs, atMs, lateStepMs, signal));
      const keepMs = Math.max(known.fromMs, Math.min(past?.untilMs ?? 0, atMs - dayMs) - dayMs);
      late = { fromMs: keepMs, book: signsSince(fresh, keepMs) };
    },
    catchUp: async ({ keepMs, fromMs, untilMs, onProgress }, signal) => {
      // A clock that was ahead has read on where there was nothing yet.
      const known = past === undefined || past.untilMs > untilMs + overlapMs ? undefined : past;
      let book = signsSince({ untilMs: fromMs, signs: emptySigns, ...past }, keepMs);
      if (known === undefined) book = { ...book, untilMs: fromMs };
      const begin = Math.max(keepMs, known === undefined ? fromMs : known.untilMs - overlapMs);
      for (let from = begin; from < untilMs; from += stretchMs) {
        signal.throwIfAborted();
        const until = Math.min(untilMs, from + stretchMs);
        book = withSigns(book, await read(book, from, until, pastStepMs, signal));
        await keeper.save(book);
        past = book;
        onProgress((until - begin) / (untilMs - begin));
      }
      past = book;
    },
  };
}
