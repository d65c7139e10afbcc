import type { RunStream } from '../../journal.ts';

/** For a rank that is not the first: passes on only how long its phases took, since all ranks would tell the same of everything else. */
export function phasesOnly(stream: RunStream, rank: number): RunStream {
  const nothing = (): void => undefined;
  return {
    framework: stream.framework,
    value: nothing,
    lossMissing: nothing,
    scalar: nothing,
    sessionStart: nothing,
    phaseTime: (time) => stream.phaseTime({ ...time, rank: time.rank ?? rank }),
    checkpoint: nothing,
    enter: nothing,
    writerAlive: nothing,
    settle: stream.settle,
    close: stream.close,
  };
}
