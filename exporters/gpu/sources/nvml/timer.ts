/** One timer at a time. */
export interface Timer {
  /** Replaces what was set before. */
  readonly set: (seconds: number, action: () => void) => void;
  readonly clear: () => void;
}

export function timer(): Timer {
  let handle: NodeJS.Timeout | undefined;
  return {
    set: (seconds, action) => {
      clearTimeout(handle);
      handle = setTimeout(action, seconds * 1000);
    },
    clear: () => clearTimeout(handle),
  };
}
