import type { RunStream } from '../../journal.ts';
import type { Quantity } from '../../schema/quantities.ts';
import type { TagMap, TagTarget } from '../../schema/tag-map.ts';

/** Names that are remembered; a log with more is asked about each time. */
const maxNames = 2000;
const maxNameCharacters = 300;
/** Places in a line whose names are remembered. */
const maxPlaces = 200;

/** What a log calls a value, and what that is. */
export interface Scalar {
  readonly name: string;
  readonly target: TagTarget | undefined;
  /** Set for a scalar outside the schema that may be shown. */
  readonly shownAs: string | undefined;
}

export interface ScalarTeller {
  readonly find: (name: string) => Scalar;
  /**
   * The scalar whose name is `text` from `from` to `to`, the `place`th of its line. Lines repeat themselves, so what stood in that place
   * before is tried first: it saves a string and its hash for each value.
   */
  readonly findAt: (text: string, from: number, to: number, place: number) => Scalar;
  /** Tells the stream one value. Gives the quantity that it is. */
  readonly tell: (
    scalar: Scalar,
    value: number,
    step: number | undefined,
    timeSeconds: number | undefined,
  ) => Quantity | undefined;
}

interface Deps {
  readonly stream: RunStream;
  readonly tags: TagMap;
  /** The tag that the framework writes for the name, by which it is looked up and shown. */
  readonly tagOf: (name: string) => string;
}

export function createScalarTeller({ stream, tags, tagOf }: Deps): ScalarTeller {
  const scalars = new Map<string, Scalar>();
  const places: Scalar[] = [];

  function lookUp(name: string): Scalar {
    if (name.length > maxNameCharacters) return { name: '', target: undefined, shownAs: undefined };
    // Names come as one byte in each character, and as parts of a long text that must not stay in memory.
    const bytes = Buffer.from(name, 'latin1');
    const tag = tagOf(bytes.toString('utf8'));
    const target = tags.resolve(tag);
    const shownAs = target === undefined && tags.isAllowed(tag) ? tag : undefined;
    const scalar = { name: bytes.toString('latin1'), target, shownAs };
    if (scalars.size < maxNames) scalars.set(scalar.name, scalar);
    return scalar;
  }

  function find(name: string): Scalar {
    return scalars.get(name) ?? lookUp(name);
  }

  return {
    find,
    findAt: (text, from, to, place) => {
      const before = places[place];
      if (before !== undefined && before.name.length === to - from && text.startsWith(before.name, from)) return before;
      const scalar = find(text.slice(from, to));
      if (place < maxPlaces) places[place] = scalar;
      return scalar;
    },
    tell: ({ target, shownAs }, value, step, timeSeconds) => {
      if (shownAs !== undefined) stream.scalar(shownAs, value);
      if (target?.quantity === undefined) return undefined;
      stream.value(target.quantity, value * target.scale, step, timeSeconds);
      return target.quantity;
    },
  };
}
