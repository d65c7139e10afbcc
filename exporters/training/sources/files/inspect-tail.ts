import type { SourceLedger } from '../../source-ledger.ts';
import type { FileFacts, FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';
import { findMoved } from './moved-file.ts';
import type { TailReader } from './read-tail.ts';
import { restart, skipOld, type Tail, unreadBytes } from './tail.ts';

interface Deps {
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly reader: TailReader;
  readonly ledger: SourceLedger;
  readonly catchUpBytes: number;
  /** A file that another name was given to was read to its end; its name has a successor. */
  readonly onRotated: (tail: Tail) => void;
}

/** Finds out what became of files that are not what they were: rotated, truncated, replaced, on a disk that was mounted again. */
export interface TailInspection {
  readonly inspect: (tail: Tail) => Promise<void>;
  /** To be called when the rotated file was read to its end. */
  readonly switchOver: (tail: Tail) => Promise<void>;
}

export function createTailInspection({ fs, gate, reader, ledger, catchUpBytes, onRotated }: Deps): TailInspection {
  const identify = (path: string) => gate.run(path, () => fs.identify(path));

  async function inspect(tail: Tail): Promise<void> {
    if (tail.readPath !== tail.path) return inspectMoved(tail);
    const facts = await identify(tail.path);
    if (facts.identity === tail.identity) return inspectInPlace(tail, facts);
    if (isSameInode(facts.identity, tail.identity)) takeRemounted(tail, facts);
    else await takeRotated(tail, facts);
  }

  async function inspectInPlace(tail: Tail, facts: FileFacts): Promise<void> {
    const isSame = facts.size >= tail.position && (await reader.isUnchanged(tail));
    if (!isSame) startAnew(tail, facts);
  }

  /** What was read last will tell whether it is the same file. */
  function takeRemounted(tail: Tail, facts: FileFacts): void {
    const { position, seam } = tail.resumedAt ?? tail;
    if (facts.size < position) {
      startAnew(tail, facts);
      return;
    }
    tail.identity = facts.identity;
    tail.dev = facts.dev;
    tail.size = facts.size;
    tail.resumedAt = { position, seam };
  }

  async function takeRotated(tail: Tail, facts: FileFacts): Promise<void> {
    const moved = await findMoved(tail.realPath, tail.identity, { fs, gate });
    if (moved === undefined || moved.facts.size < tail.position) return giveUpRest(tail, facts);
    tail.readPath = moved.path;
    tail.size = moved.facts.size;
    if (unreadBytes(tail) === 0) await switchOver(tail);
  }

  async function inspectMoved(tail: Tail): Promise<void> {
    const facts = await identify(tail.readPath).catch(() => undefined);
    if (facts?.identity !== tail.identity || facts.size < tail.position)
      return giveUpRest(tail, await identify(tail.path));
    tail.size = facts.size;
    if (unreadBytes(tail) === 0) await switchOver(tail);
  }

  async function switchOver(tail: Tail): Promise<void> {
    const facts = await identify(tail.path);
    onRotated(tail);
    await takeSuccessor(tail, facts);
  }

  async function giveUpRest(tail: Tail, facts: FileFacts): Promise<void> {
    if (unreadBytes(tail) > 0) ledger.problem(tail.kind, 'skipped');
    await takeSuccessor(tail, facts);
  }

  async function takeSuccessor(tail: Tail, facts: FileFacts): Promise<void> {
    if (tail.realPath !== tail.path) tail.realPath = await gate.run(tail.path, () => fs.realPath(tail.path));
    startAnew(tail, facts);
  }

  function startAnew(tail: Tail, facts: FileFacts): void {
    restart(tail, facts);
    if (skipOld(tail, catchUpBytes)) ledger.problem(tail.kind, 'skipped');
  }

  return { inspect, switchOver };
}

/** Of `<device>:<inode>`. Disks of the network get another device number when they are mounted again. */
function isSameInode(one: string, other: string): boolean {
  return one.split(':')[1] === other.split(':')[1];
}
