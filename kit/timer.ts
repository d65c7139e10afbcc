/** One timer at a time. */
export interface Timer {
  /** Replaces what was set before. */
  readonly set: (seconds: number, action: () => void) => void;
  /** Leaves what was set before and has not come yet. */
  readonly setUnlessSet: (seconds: number, action: () => void) => void;
  readonly clear: () => void;
}

export function timer(): Timer {
  let handle: NodeJS.Timeout | undefined;

  function clear(): void {
    clearTimeout(handle);
    handle = undefined;
  }

  function set(seconds: number, action: () => void): void {
    clear();
    handle = setTimeout(() => {
      handle = undefined;
      action();
    }, seconds * 1000);
  }

  return {
    set,
    setUnlessSet: (seconds, action) => {
      if (handle === undefined) set(seconds, action);
    },
    clear,
  };
}
