import type { NodeReading } from '../../../../../exporters/gpu/reading.ts';
import { tiers } from '../../../../../exporters/gpu/reading.ts';
import type { Capture } from '../../../../../exporters/gpu/sources/capture/capture.ts';
import { replayLibrary } from '../../../../../exporters/gpu/sources/capture/replay.ts';
import { openSession } from '../../../../../exporters/gpu/sources/nvml/session.ts';

/** The readings of a capture's rounds, a second apart, without what they cost. */
export function replayedReadings(capture: Capture, rounds = capture.rounds): readonly NodeReading[] {
  const library = replayLibrary(capture);
  let seconds = 0;
  const session = openSession(
    {
      library,
      progress: { gpu: () => {}, driver: () => {}, idle: () => {} },
      now: () => 1_700_000_000 + seconds,
      monotonic: () => seconds,
      report: (message) => {
        throw new Error(message);
      },
    },
    { skip: [] },
  );
  const readings = Array.from({ length: rounds }, () => {
    const reading = session.collect({ tiers, skip: [] });
    library.nextRound();
    seconds += 1;
    return { ...reading, costs: {} };
  });
  session.close();
  return readings;
}
