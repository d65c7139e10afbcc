import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NodeReading, tiers } from '../../../../../exporters/gpu/reading.ts';
import { type Argument, type Library, loadLibrary } from '../../../../../exporters/gpu/sources/nvml/library.ts';
import { openSession, type Session } from '../../../../../exporters/gpu/sources/nvml/session.ts';
import type { Wanted } from '../../../../../exporters/gpu/sources/nvml/walk.ts';
import {
  buildFakeNvml,
  type FakeLine,
  type MissingPart,
  useFakeState,
  writeFakeState,
} from '../../../../support/fake-nvml.ts';

export interface FakeSession {
  /** `collect` reads everything unless it is told what. */
  readonly session: Omit<Session, 'collect'> & { readonly collect: (wanted?: Wanted) => NodeReading };
  /** What the session calls, for tests of a part of it. */
  readonly library: Pick<Library, 'call'>;
  readonly setState: (lines: readonly FakeLine[]) => void;
  /** What was announced as touched, in order. */
  readonly progress: readonly (number | 'driver' | 'idle')[];
  readonly reports: readonly string[];
  /** How often each function was called. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface FakeOptions {
  readonly without?: readonly MissingPart[];
  readonly skip?: readonly number[];
  /** Seconds on a clock that only goes forward; the real one if a test does not mind. */
  readonly monotonic?: () => number;
  /** Unix time in seconds; 1_700_000_000.5 if a test does not mind. */
  readonly now?: () => number;
  /** Sees each call before it is made, with what was announced last. */
  readonly intercept?: (
    symbol: string,
    announced: number | 'driver' | 'idle' | undefined,
    args: readonly Argument[],
  ) => void;
}

const opened: Session[] = [];
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-nvml-'));
const statePath = join(folder, 'state');

/** A session with the fake library inside this process. */
export function openFakeSession(lines: readonly FakeLine[], options: FakeOptions = {}): FakeSession {
  const path = buildFakeNvml({ without: options.without ?? [] });
  const setState = (next: readonly FakeLine[]) => writeFakeState(statePath, next);
  setState(lines);
  useFakeState(path, statePath);

  const progress: (number | 'driver' | 'idle')[] = [];
  const reports: string[] = [];
  const calls = new Map<string, number>();
  const real = loadLibrary([path]);
  const library: Pick<Library, 'call'> = {
    call(symbol, ...args) {
      calls.set(symbol, (calls.get(symbol) ?? 0) + 1);
      options.intercept?.(symbol, progress.at(-1), args);
      return real.call(symbol, ...args);
    },
  };
  const session = openSession(
    {
      library,
      progress: {
        gpu: (index) => progress.push(index),
        driver: () => progress.push('driver'),
        idle: () => progress.push('idle'),
      },
      now: options.now ?? (() => 1_700_000_000.5),
      monotonic: options.monotonic ?? (() => performance.now() / 1000),
      report: (message) => reports.push(message),
    },
    { skip: options.skip ?? [] },
  );
  opened.push(session);
  const collect = (wanted: Wanted = { tiers, skip: options.skip ?? [] }) => session.collect(wanted);
  return { session: { ...session, collect }, library, setState, progress, reports, calls };
}

/** For afterEach. */
export function closeFakeSessions(): void {
  for (const session of opened.splice(0)) session.close();
}

/** For afterAll. */
export function removeFakeState(): void {
  rmSync(folder, { recursive: true });
}
