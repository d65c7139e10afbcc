import picomatch from 'picomatch';
import type { SourceKind } from '../../journal.ts';

export type FileKind = Extract<SourceKind, 'event_files' | 'logs' | 'rank_logs' | 'trainer_state'>;

/** `<source>.global_rank_<r>.<timestamp>-<random>.jsonl`, torchtitan's observability/structured_logger. */
const rankLog = /\.global_rank_\d+\..*\.jsonl$/;

/** What a file is by its name; undefined for one that tells nothing. */
export function createFileKinds(logNames: readonly string[]): (name: string) => FileKind | undefined {
  const isLog = logNames.length === 0 ? () => false : picomatch([...logNames], { dot: true });
  return (name) => {
    if (isEventFile(name)) return 'event_files';
    if (rankLog.test(name)) return 'rank_logs';
    if (name === 'trainer_state.json') return 'trainer_state';
    return isLog(name) ? 'logs' : undefined;
  };
}

/** The rule of TensorBoard itself, see IsTensorFlowEventsFile in its io_wrapper.py and is_summary_events_file. */
function isEventFile(name: string): boolean {
  return name.includes('tfevents') && !name.endsWith('.profile-empty');
}
