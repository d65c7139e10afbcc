import type { FileDecoder } from '../../decoders/file-decoder.ts';
import type { FileKind } from './file-kind.ts';
import type { FileFacts } from './file-system.ts';
import { noSeam, type Seam } from './seam.ts';

export type TailKind = Exclude<FileKind, 'trainer_state'>;

/** What a growing file is read with. */
export interface TailVoice {
  /** A decoder for the file from its beginning, or from where an earlier one was saved. */
  readonly newDecoder: (saved?: unknown) => FileDecoder;
}

/** A file that is followed. Only the functions of this folder change it. */
export interface Tail {
  readonly path: string;
  readonly kind: TailKind;
  readonly voice: TailVoice;
  decoder: FileDecoder;
  /** Of the file that is read. After a rotation that is another one than the one under `path`. */
  identity: string;
  dev: number;
  ino: number;
  /** Where a link leads; otherwise `path`. */
  realPath: string;
  /** Where the file is that is read: `path`, or the name that a rotation gave it. */
  readPath: string;
  size: number;
  position: number;
  seam: Seam;
  mtimeSeconds: number;
  /** Nothing was read yet, so what is there is old. */
  isFirstRead: boolean;
  /** Until then: the file that was written before it. To tell a run that went back, its old files are read one after the other. */
  readAfter: Tail | undefined;
  /** Reading began inside a line. */
  isInsideLine: boolean;
  /** Was read before a restart up to this place, from which the seam is; reading goes on from `position`. */
  resumedAt: { readonly position: number; readonly seam: Seam } | undefined;
  /** Pieces that were read since the end of the file was reached. */
  piecesBehind: number;
  isMissing: boolean;
  /** Looked at as often as can be until then, by the clock that never goes back, as is `nextLookAt`. */
  hotUntil: number;
  nextLookAt: number;
}

interface Start {
  readonly path: string;
  readonly realPath: string;
  readonly kind: TailKind;
  readonly voice: TailVoice;
  readonly facts: FileFacts;
  readonly catchUpBytes: number;
  readonly hotUntil: number;
  readonly saved?: ResumePoint | undefined;
  readonly readAfter?: Tail | undefined;
}

/** Where an earlier exporter was in the same file. */
export interface ResumePoint {
  readonly offset: number;
  readonly position: number;
  readonly seam: Seam;
  readonly isInsideLine: boolean;
  readonly decoder?: unknown;
}

export function createTail({
  path,
  realPath,
  kind,
  voice,
  facts,
  catchUpBytes,
  hotUntil,
  saved,
  readAfter,
}: Start): Tail {
  const tail: Tail = {
    path,
    kind,
    voice,
    decoder: voice.newDecoder(saved?.decoder),
    identity: facts.identity,
    dev: facts.dev,
    ino: facts.ino,
    realPath,
    readPath: path,
    size: facts.size,
    position: saved?.offset ?? 0,
    seam: noSeam,
    mtimeSeconds: facts.mtimeSeconds,
    isFirstRead: true,
    readAfter,
    isInsideLine: saved?.isInsideLine ?? false,
    resumedAt: saved === undefined ? undefined : { position: saved.position, seam: saved.seam },
    piecesBehind: 0,
    isMissing: false,
    hotUntil,
    nextLookAt: 0,
  };
  if (saved === undefined) skipOld(tail, catchUpBytes);
  return tail;
}

/** Reading begins anew: the file was replaced, or written anew. */
export function restart(tail: Tail, facts: Pick<FileFacts, 'identity' | 'dev' | 'ino' | 'size'>): void {
  tail.decoder = tail.voice.newDecoder();
  tail.identity = facts.identity;
  tail.dev = facts.dev;
  tail.ino = facts.ino;
  tail.readPath = tail.path;
  tail.size = facts.size;
  tail.position = 0;
  tail.seam = noSeam;
  tail.isInsideLine = false;
  tail.resumedAt = undefined;
  tail.piecesBehind = 0;
}

/** Of a long log only the end is read. Returns whether something was left out. */
export function skipOld(tail: Tail, catchUpBytes: number): boolean {
  if (tail.kind !== 'logs' || tail.size <= catchUpBytes) return false;
  // The byte before tells whether a line begins there.
  tail.position = tail.size - catchUpBytes - 1;
  tail.isInsideLine = true;
  return true;
}

export function unreadBytes(tail: Tail): number {
  return tail.decoder.isDead() ? 0 : Math.max(0, tail.size - tail.position);
}

/** Where a later decoder can go on. */
export function resumePointOf(tail: Tail): ResumePoint {
  const { decoder, position, seam, isInsideLine } = tail;
  if (tail.resumedAt !== undefined) {
    const { resumedAt } = tail;
    return { offset: position, ...resumedAt, isInsideLine, decoder: decoder.save() };
  }
  const offset = Math.max(0, position - decoder.pendingBytes());
  return { offset, position, seam, isInsideLine, decoder: decoder.save() };
}

/** A new decoder takes over, such as when tags mean something else now. */
export function renewDecoder(tail: Tail): void {
  if (tail.decoder.isDead()) return;
  const { offset, position, seam, decoder } = resumePointOf(tail);
  tail.decoder = tail.voice.newDecoder(decoder);
  if (offset === tail.position) return;
  tail.position = offset;
  tail.seam = noSeam;
  tail.resumedAt = { position, seam };
}
