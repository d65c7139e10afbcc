/**
 * Lets the nodes of a fleet work one after the other, each in a turn of the event loop of its own: between two of them scrapes are
 * answered, also when the fleet has more to do than one process can.
 */
export interface Turns {
  readonly take: (action: () => void) => void;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let isGoing = false;

  function go(): void {
    const action = waiting.shift();
    isGoing = action !== undefined;
    if (action === undefined) return;
    setImmediate(go);
    action();
  }

  return {
    take: (action) => {
      waiting.push(action);
      if (!isGoing) setImmediate(go);
      isGoing = true;
    },
  };
}
