import type { TagMap, TagTarget } from '../../schema/tag-map.ts';
import { maxForeignTags } from './saved-events.ts';

/** What is known of a tag of a file. */
export interface KnownTag {
  readonly name: string;
  /** Undefined if the tag is in no table. */
  readonly target: TagTarget | undefined;
  /** The tag is in no table and may be shown all the same. */
  readonly isAllowed: boolean;
  /** A plugin claims the tag that does not show scalars, so that its tensors are something else. */
  isForeign: boolean;
}

export interface KnownTags {
  /** Undefined for a tag that is too long. */
  readonly of: (bytes: Uint8Array, start: number, end: number) => KnownTag | undefined;
  /** Remembers what a plugin says of the tag. */
  readonly claim: (tag: KnownTag, isScalar: boolean) => void;
  /** Tags that would be told if no plugin claimed them. */
  readonly foreignTags: () => readonly string[];
}

interface Deps {
  readonly tags: TagMap;
  /** Those of the decoder before. */
  readonly foreignTags: readonly string[];
}

/** Longer tags are in no table and fit no label. */
export const maxTagBytes = 1024;
/** So many tags of a file are remembered, and so many bytes of them. All others are looked up each time. */
const maxTags = 4096;
const maxBytes = 256 * 1024;
/** Bytes that are no UTF-8 become replacement characters. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

interface Entry {
  readonly bytes: Uint8Array;
  readonly tag: KnownTag;
  /** Another entry with the same hash. */
  readonly sameHash: Entry | undefined;
  /** What came after this tag the last time: writers repeat themselves. */
  next: Entry | undefined;
}

/** Looks tags up by their bytes, as making a string of each would take longer than all else. */
export function createKnownTags({ tags, foreignTags }: Deps): KnownTags {
  const foreign = new Set(foreignTags);
  const entries = new Map<number, Entry>();
  let count = 0;
  let keptBytes = 0;
  let last: Entry | undefined;

  function find(bytes: Uint8Array, start: number, end: number): Entry | undefined {
    const expected = last?.next;
    if (expected !== undefined && isSame(expected.bytes, bytes, start, end)) return expected;
    let entry = entries.get(hashOf(bytes, start, end));
    while (entry !== undefined && !isSame(entry.bytes, bytes, start, end)) entry = entry.sameHash;
    return entry;
  }

  function lookUp(bytes: Uint8Array): KnownTag {
    const name = utf8.decode(bytes);
    const target = tags.resolve(name);
    return { name, target, isAllowed: target === undefined && tags.isAllowed(name), isForeign: foreign.has(name) };
  }

  function add(bytes: Uint8Array): KnownTag {
    const tag = lookUp(bytes);
    if (count === maxTags || keptBytes + bytes.length > maxBytes) return tag;
    count++;
    keptBytes += bytes.length;
    const hash = hashOf(bytes, 0, bytes.length);
    const entry: Entry = { bytes, tag, sameHash: entries.get(hash), next: undefined };
    entries.set(hash, entry);
    return follow(entry);
  }

  function follow(entry: Entry): KnownTag {
    if (last !== undefined) last.next = entry;
    last = entry;
    return entry.tag;
  }

  return {
    of: (bytes, start, end) => {
      const entry = find(bytes, start, end);
      if (entry !== undefined) return follow(entry);
      return end - start > maxTagBytes ? undefined : add(bytes.slice(start, end));
    },
    claim: (tag, isScalar) => {
      tag.isForeign = !isScalar;
      if (isScalar) foreign.delete(tag.name);
      else if (foreign.size < maxForeignTags && isWanted(tag)) foreign.add(tag.name);
    },
    foreignTags: () => [...foreign],
  };
}

function isWanted({ target, isAllowed }: KnownTag): boolean {
  return isAllowed || target?.quantity !== undefined;
}

function isSame(tag: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== tag.length) return false;
  for (let index = 0; index < tag.length; index++) {
    if (tag[index] !== bytes[start + index]) return false;
  }
  return true;
}

/** FNV-1a, for at most as many bytes as a tag may have. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < Math.min(end, start + maxTagBytes); at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  }
  return hash;
}
