import type {
  Checkpoint,
  Journal,
  Moment,
  PhaseTime,
  RunIdentity,
  RunPhase,
  RunStream,
  SourceKind,
} from '../../exporters/training/journal.ts';
import type { Framework } from '../../exporters/training/schema/frameworks.ts';
import type { Quantity } from '../../exporters/training/schema/quantities.ts';

/** One call of a stream, as an object that toEqual compares. */
export type Told =
  | { readonly call: 'framework'; readonly name: Framework }
  | {
      readonly call: 'value';
      readonly quantity: Quantity;
      readonly value: number;
      readonly step: number | undefined;
      readonly timeSeconds: number | undefined;
    }
  | ({ readonly call: 'lossMissing' } & Moment)
  | { readonly call: 'scalar'; readonly tag: string; readonly value: number }
  | ({ readonly call: 'sessionStart' } & Moment)
  | ({ readonly call: 'phaseTime' } & PhaseTime)
  | ({ readonly call: 'checkpoint' } & Checkpoint)
  | ({ readonly call: 'enter'; readonly phase: RunPhase } & Moment & { readonly exitCode?: number | undefined })
  | { readonly call: 'writerAlive'; readonly alive: boolean | undefined }
  | { readonly call: 'settle'; readonly readAtSeconds: number | undefined }
  | { readonly call: 'close' };

export type ToldAs<C extends Told['call']> = Extract<Told, { readonly call: C }>;

export interface FakeStream {
  readonly stream: RunStream;
  /** Everything that was told, in order. */
  readonly told: readonly Told[];
  readonly toldAs: <C extends Told['call']>(call: C) => readonly ToldAs<C>[];
  /** Forgets what was told so far. */
  readonly forget: () => void;
}

/** A stream that records what it is told. */
export function createFakeStream(): FakeStream {
  const told: Told[] = [];
  const add = (one: Told): void => void told.push(one);
  return {
    told,
    toldAs: (call) => told.filter((one) => isCall(one, call)),
    forget: () => void told.splice(0),
    stream: {
      framework: (name) => add({ call: 'framework', name }),
      value: (quantity, value, step, timeSeconds) => add({ call: 'value', quantity, value, step, timeSeconds }),
      lossMissing: (moment) => add({ call: 'lossMissing', ...moment }),
      scalar: (tag, value) => add({ call: 'scalar', tag, value }),
      sessionStart: (moment) => add({ call: 'sessionStart', ...moment }),
      phaseTime: (time) => add({ call: 'phaseTime', ...time }),
      checkpoint: (checkpoint) => add({ call: 'checkpoint', ...checkpoint }),
      enter: (phase, details) => add({ call: 'enter', phase, ...details }),
      writerAlive: (alive) => add({ call: 'writerAlive', alive }),
      settle: (readAtSeconds) => add({ call: 'settle', readAtSeconds }),
      close: () => add({ call: 'close' }),
    },
  };
}

export interface OpenedStream extends FakeStream {
  readonly kind: SourceKind;
  readonly id: string;
  /** As of the last time that it was opened. */
  readonly identity: RunIdentity;
  readonly timesOpened: number;
}

export interface FakeJournal {
  readonly journal: Journal;
  /** In the order in which they were opened first. */
  readonly streams: readonly OpenedStream[];
  /** The only stream of this kind whose id or run name has this text in it; throws if there are none or several. */
  readonly only: (kind: SourceKind, text?: string) => OpenedStream;
}

/** A journal that records all that is told to it. `maxRuns` is where it begins to refuse new runs. */
export function createFakeJournal({ maxRuns = Infinity }: { readonly maxRuns?: number } = {}): FakeJournal {
  const streams = new Map<string, OpenedStream>();
  const runs = new Set<string>();

  function list(): readonly OpenedStream[] {
    return [...streams.values()];
  }

  return {
    journal: {
      openStream: (identity, kind, id) => {
        if (!runs.has(identity.key) && runs.size >= maxRuns) return undefined;
        runs.add(identity.key);
        const key = JSON.stringify([identity.key, kind, id]);
        const before = streams.get(key);
        const opened: OpenedStream = {
          ...(before ?? createFakeStream()),
          kind,
          id,
          identity,
          timesOpened: (before?.timesOpened ?? 0) + 1,
        };
        streams.set(key, opened);
        return opened.stream;
      },
    },
    get streams() {
      return list();
    },
    only: (kind, text = '') => {
      const found = list().filter(
        (one) => one.kind === kind && (one.id.includes(text) || one.identity.run.includes(text)),
      );
      const [one] = found;
      if (one === undefined || found.length > 1)
        throw new Error(`${found.length} streams of ${kind} with "${text}": ${list().map(({ id }) => id)}`);
      return one;
    },
  };
}

function isCall<C extends Told['call']>(one: Told, call: C): one is ToldAs<C> {
  return one.call === call;
}
