import { useEffect, useState } from 'react';
import { ServiceProblem } from '../../../services/service-problem';
import { type Resolution, resolve } from '../models/resolve';
import { useLookup } from './lookup-context';

export interface Resolving {
  readonly resolution: Resolution | undefined;
  readonly problem: ServiceProblem | undefined;
  readonly askAgain: () => void;
}

/** What a text stands for. A text that stands for nothing yet is asked about again with each refresh. */
export function useResolution(text: string): Resolving {
  const { refreshKey } = useLookup();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ text: string; resolution?: Resolution; problem?: ServiceProblem }>({ text: '' });
  const isSettled = state.text === text && state.resolution?.kind === 'one';
  const refresh = isSettled ? 0 : refreshKey;
  useEffect(() => {
    if (text === '') return undefined;
    const leaving = new AbortController();
    resolve(text, leaving.signal).then(
      (resolution) => leaving.signal.aborted || setState({ text, resolution }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const problem = error instanceof ServiceProblem ? error : new ServiceProblem('failed', 'cmdb', String(error));
        setState({ text, problem });
      },
    );
    return () => leaving.abort();
  }, [text, round, refresh]);
  const isOfText = state.text === text;
  return {
    resolution: isOfText ? state.resolution : undefined,
    problem: isOfText ? state.problem : undefined,
    askAgain: () => setRound((before) => before + 1),
  };
}
