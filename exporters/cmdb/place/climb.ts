/** Deeper than anything that stands somewhere or belongs to somebody, and shallow enough for the stack. */
const maxDepth = 100;

/**
 * Finds for an item what it may have from the items above it, and remembers it. Who put a rack into itself, or a thousand parts into one
 * another, gets `nothing` from there on.
 */
export function createClimb<Value>(
  nothing: Value,
  compute: (id: number, find: (id: number) => Value) => Value,
): (id: number) => Value {
  const known = new Map<number, Value>();
  let depth = 0;
  const find = (id: number): Value => {
    const last = known.get(id);
    if (last !== undefined || known.has(id)) return last ?? nothing;
    if (depth >= maxDepth) return nothing;
    known.set(id, nothing);
    depth++;
    const value = compute(id, find);
    depth--;
    known.set(id, value);
    return value;
  };
  return find;
}
