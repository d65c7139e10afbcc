import { tiers } from '../../reading.ts';
import type { Library } from '../nvml/library.ts';
import { openSession, type SessionDeps } from '../nvml/session.ts';
import { anonymised } from './anonymise.ts';
import type { Capture } from './capture.ts';
import { recordingLibrary } from './record.ts';

/** Between the two rounds: counters and activity show something only from one reading to the next. */
const pauseSeconds = 1;

export interface TakeCaptureDeps extends Omit<SessionDeps, 'library'> {
  readonly library: Library;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** Reads everything twice and returns the anonymised record of it. Throws DriverUnavailable. */
export async function takeCapture({ library, sleep, ...deps }: TakeCaptureDeps): Promise<Capture> {
  const recording = recordingLibrary(library);
  const session = openSession({ ...deps, library: recording }, { skip: [] });
  try {
    session.collect({ tiers, skip: [] });
    await sleep(pauseSeconds);
    recording.nextRound();
    session.collect({ tiers, skip: [] });
    session.poll();
  } finally {
    session.close();
  }
  return anonymised(recording.capture('recorded'));
}
