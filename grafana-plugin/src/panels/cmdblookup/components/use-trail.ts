import { useCallback, useState } from 'react';

interface Step {
  readonly text: string;
  readonly itemId: number | undefined;
}

export interface Trail extends Step {
  readonly go: (step: Step) => void;
  /** The place itself changes, and back leads past it. */
  readonly replace: (step: Step) => void;
  /** Undefined where there is nothing to go back to. */
  readonly back: (() => void) | undefined;
}

/** More steps back than anybody takes. */
const longest = 50;

/** Where somebody has been in the panel. It begins anew with another `start`, as when a variable of the board changes. */
export function useTrail(start: string): Trail {
  const [state, setState] = useState<{ start: string; steps: readonly Step[] }>({ start, steps: [] });
  const steps = state.start === start ? state.steps : [];
  const current = steps.at(-1) ?? { text: start, itemId: undefined };
  const put = useCallback(
    (make: (steps: readonly Step[]) => readonly Step[]) =>
      setState((before) => ({ start, steps: make(before.start === start ? before.steps : []) })),
    [start],
  );
  const go = useCallback(
    (step: Step) =>
      put((before) => [...(before.length === 0 ? [{ text: start, itemId: undefined }] : before), step].slice(-longest)),
    [put, start],
  );
  const replace = useCallback((step: Step) => put((before) => [...before.slice(0, -1), step]), [put]);
  const canGoBack = steps.length > 1;
  const back = useCallback(() => put((before) => before.slice(0, -1)), [put]);
  return { ...current, go, replace, back: canGoBack ? back : undefined };
}
