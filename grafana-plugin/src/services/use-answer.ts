import { useCallback, useEffect, useState } from 'react';
import { ask, type Question } from './ask';
import { ServiceProblem } from './service-problem';

export interface Answer<T> {
  /** The last good answer to this very question; it stays while the question is asked again. */
  readonly value: T | undefined;
  readonly problem: ServiceProblem | undefined;
  readonly isLoading: boolean;
  readonly askAgain: () => void;
}

type Outcome<T> = Pick<Answer<T>, 'value' | 'problem'>;

/** Asks when the question changes in service, path or parameters; undefined asks nothing. An answer that comes too late is dropped. */
export function useAnswer<T>(question: Question<T> | undefined): Answer<T> {
  const key = question === undefined ? undefined : JSON.stringify([question.service, question.path, question.params]);
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ key?: string; round?: number; outcome: Outcome<T> }>({ outcome: nothing });
  useEffect(() => {
    if (question === undefined) return undefined;
    const leaving = new AbortController();
    ask(question, leaving.signal).then(
      (value) => setState({ key, round, outcome: { value, problem: undefined } }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const problem =
          error instanceof ServiceProblem ? error : new ServiceProblem('failed', question.service, String(error));
        setState((before) => ({
          key,
          round,
          outcome: { value: before.key === key ? before.outcome.value : undefined, problem },
        }));
      },
    );
    return () => leaving.abort();
    // The key stands for the question, which callers make anew with each rendering.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, round]);
  const askAgain = useCallback(() => setRound((before) => before + 1), []);
  const outcome = state.key === key ? state.outcome : nothing;
  return { ...outcome, isLoading: key !== undefined && (state.key !== key || state.round !== round), askAgain };
}

const nothing = { value: undefined, problem: undefined } as const;
