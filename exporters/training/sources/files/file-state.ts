import type { TailKind } from './tail.ts';

/** What a later exporter needs to go on where this one was. All of it is JSON. */
export interface FileState {
  readonly files: readonly SavedFile[];
  readonly runs: readonly SavedRunFiles[];
}

export interface SavedFile {
  readonly path: string;
  readonly kind: TailKind;
  /** `<device>:<inode>`. */
  readonly identity: string;
  /** Before what the decoder has not used yet. */
  readonly offset: number;
  /** Up to here the file was read; `seam` tells whether it is still the same. */
  readonly position: number;
  readonly seam: { readonly length: number; readonly hash: number };
  readonly isInsideLine: boolean;
  /** Something was told of it. */
  readonly isOpen: boolean;
  readonly decoder?: unknown;
}

export interface SavedRunFiles {
  /** Of its identity. */
  readonly key: string;
  /** Checkpoints of before were told. */
  readonly checkpointsUntil?: number | undefined;
  /** Path, time and size of the trainer_state.json that was told last. */
  readonly trainerState?: string | undefined;
}

export const emptyFileState: FileState = { files: [], runs: [] };
