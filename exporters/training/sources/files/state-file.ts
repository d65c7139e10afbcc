import type { Log } from '../../../../kit/log.ts';
import { createStateFile } from '../../../../kit/state-file.ts';
import type { FileState } from './file-state.ts';
import { readFileState } from './read-file-state.ts';

export const maxStateBytes = 64 * 1024 * 1024;

export interface SavedState {
  readonly files: FileState;
  /** What the run book gave, unread. */
  readonly runs: unknown;
}

/** The file in which offsets and runs survive a restart. Nothing here fails: without a usable file all is read from the beginning. */
export interface TrainingStateFile {
  /** Undefined if there is nothing to go on from. */
  readonly load: () => Promise<SavedState | undefined>;
  /** Resolves when the file holds the state, or when that is given up. */
  readonly save: (state: SavedState) => Promise<void>;
}

interface Deps {
  readonly log: Log;
  readonly maxBytes?: number;
}

const format = 'fleetlens-training-state';
const version = 1;
/** Stands at the start of every file that was written here. */
export const fileMark = `{"format":"${format}"`;

export function trainingStateFile(path: string, deps: Deps): TrainingStateFile {
  const file = createStateFile({
    maxBytes: maxStateBytes,
    ...deps,
    path,
    option: '--state.file',
    mark: fileMark,
    consequence: 'all files are read from the beginning',
    parse: stateOf,
  });
  return {
    load: file.load,
    save: ({ files, runs }) => file.save(`${JSON.stringify({ format, version, files, runs })}\n`),
  };
}

function stateOf(text: string): SavedState | undefined {
  try {
    const saved: unknown = JSON.parse(text);
    if (typeof saved !== 'object' || saved === null || !('files' in saved) || !('version' in saved)) return undefined;
    if (!('format' in saved) || saved.format !== format || saved.version !== version) return undefined;
    return { files: readFileState(saved.files), runs: 'runs' in saved ? saved.runs : undefined };
  } catch {
    return undefined;
  }
}
