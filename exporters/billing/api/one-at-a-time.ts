const turns = new WeakMap<object, Promise<unknown>>();

/** Lets work on one thing begin only after what was asked before, where it takes a lot of memory or time. Whoever is gone before their turn is left out. */
export function oneAtATime<T>(thing: object, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = turns.get(thing) ?? Promise.resolve();
  const mine = before.then(() => {
    signal.throwIfAborted();
    return work();
  });
  turns.set(
    thing,
    mine.catch(() => undefined),
  );
  return mine;
}
