/** Values of some neighbouring steps. */
export interface CurvePart {
  /** First step that it stands for. */
  readonly step: number;
  /** Of the finite values; undefined if there are none. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly values: number;
  /** Values that are NaN or infinite. */
  readonly nonfinite: number;
}

/** A curve of any length in bounded memory: neighbouring steps are put together, with their smallest and largest value. */
export interface Curve {
  readonly add: (step: number, value: number) => void;
  /** In the order of the steps. */
  readonly parts: () => readonly CurvePart[];
}

interface Part {
  step: number;
  min: number | undefined;
  max: number | undefined;
  first: number | undefined;
  last: number | undefined;
  values: number;
  nonfinite: number;
}

const maxParts = 4096;

export function createCurve(limit = maxParts): Curve {
  let width = 1;
  let parts = new Map<number, Part>();

  function coarsen(): void {
    const ordered = inOrder(parts);
    while (parts.size > limit) {
      width *= 2;
      parts = new Map();
      for (const part of ordered) {
        const key = Math.floor(part.step / width);
        const before = parts.get(key);
        parts.set(key, before === undefined ? { ...part } : joined(before, part));
      }
    }
  }

  return {
    add: (step, value) => {
      const key = Math.floor(step / width);
      const part = parts.get(key);
      if (part !== undefined) {
        addTo(part, value);
        return;
      }
      parts.set(key, addTo(emptyPart(step), value));
      if (parts.size > limit) coarsen();
    },
    parts: () => inOrder(parts),
  };
}

function inOrder(parts: ReadonlyMap<number, Part>): readonly Part[] {
  return [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
}

function emptyPart(step: number): Part {
  return { step, min: undefined, max: undefined, first: undefined, last: undefined, values: 0, nonfinite: 0 };
}

function addTo(part: Part, value: number): Part {
  part.values++;
  if (!Number.isFinite(value)) {
    part.nonfinite++;
    return part;
  }
  part.min = Math.min(part.min ?? value, value);
  part.max = Math.max(part.max ?? value, value);
  part.first ??= value;
  part.last = value;
  return part;
}

function joined(before: Part, after: Part): Part {
  return {
    step: before.step,
    min: extreme(Math.min, before.min, after.min),
    max: extreme(Math.max, before.max, after.max),
    first: before.first ?? after.first,
    last: after.last ?? before.last,
    values: before.values + after.values,
    nonfinite: before.nonfinite + after.nonfinite,
  };
}

function extreme(
  pick: (a: number, b: number) => number,
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return pick(one, other);
}
