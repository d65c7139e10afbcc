import type { SourceKind } from '../../../exporters/training/journal.ts';
import type { Quantity } from '../../../exporters/training/schema/quantities.ts';
import type { TagMap, TagTarget } from '../../../exporters/training/schema/tag-map.ts';

/** What became of one tag. */
export interface TagNote {
  readonly tag: string;
  readonly target: TagTarget | undefined;
  /** In no table, and the mapping file lets it be shown. */
  readonly isAllowed: boolean;
  /** In the units of the schema, as it was told last. Undefined if nothing was told. */
  last: number | undefined;
  count: number;
}

/** A value that a source tells without a tag, such as the number of steps in a line of a log. */
export interface UntaggedNote {
  readonly quantity: Quantity;
  readonly kind: SourceKind;
  last: number;
}

/** Learns which tags there are from what decoders ask and tell. */
export interface TagNotes {
  /** Answers as the one that it stands before, but lets every scalar be told. */
  readonly tags: TagMap;
  /** What a stream was told just now. */
  readonly tookValue: (kind: SourceKind, quantity: Quantity, value: number) => void;
  /** Returns whether the exporter would show the scalar. */
  readonly tookScalar: (tag: string, value: number) => boolean;
  readonly tagged: () => readonly TagNote[];
  readonly untagged: () => readonly UntaggedNote[];
  /** Tags that did not fit, each as often as it was asked for. */
  readonly leftOut: () => number;
}

export const noteLimits = { tags: 100_000, characters: 16 * 1024 * 1024 };

export function createTagNotes(inner: TagMap, limits = noteLimits): TagNotes {
  const notes = new Map<string, { readonly note: TagNote; readonly spy: TagTarget | undefined }>();
  const untagged = new Map<string, UntaggedNote>();
  let characters = 0;
  let leftOut = 0;
  /** The tag whose target was looked at last: decoders look at it just before they tell its value. */
  let lookedAt: TagNote | undefined;

  function noteOf(tag: string): { readonly note: TagNote; readonly spy: TagTarget | undefined } | undefined {
    const known = notes.get(tag);
    if (known !== undefined) return known;
    if (notes.size >= limits.tags || characters + tag.length > limits.characters) {
      leftOut++;
      return undefined;
    }
    characters += tag.length;
    const target = inner.resolve(tag);
    const isAllowed = target === undefined && inner.isAllowed(tag);
    const note: TagNote = { tag, target, isAllowed, last: undefined, count: 0 };
    const added = { note, spy: target === undefined ? undefined : spyOn(note, target) };
    notes.set(tag, added);
    return added;
  }

  function spyOn(note: TagNote, target: TagTarget): TagTarget {
    const { scale, axis, framework } = target;
    return {
      get quantity() {
        lookedAt = note;
        return target.quantity;
      },
      scale,
      axis,
      framework,
    };
  }

  function takeInto(note: TagNote, value: number): void {
    note.last = value;
    note.count++;
  }

  return {
    tags: {
      resolve: (tag) => {
        const known = noteOf(tag);
        return known === undefined ? inner.resolve(tag) : known.spy;
      },
      isAllowed: (tag) => noteOf(tag) !== undefined || inner.isAllowed(tag),
    },
    tookValue: (kind, quantity, value) => {
      const note = lookedAt;
      lookedAt = undefined;
      if (note?.target?.quantity === quantity) {
        takeInto(note, value);
        return;
      }
      const key = `${kind} ${quantity}`;
      const before = untagged.get(key);
      if (before === undefined) untagged.set(key, { quantity, kind, last: value });
      else before.last = value;
    },
    tookScalar: (tag, value) => {
      const note = notes.get(tag)?.note;
      if (note === undefined) return inner.isAllowed(tag);
      takeInto(note, value);
      return note.isAllowed;
    },
    tagged: () => [...notes.values()].map(({ note }) => note),
    untagged: () => [...untagged.values()],
    leftOut: () => leftOut,
  };
}
