import { useEffect, useRef } from 'react';
import type { Question } from '../../../services/ask';
import { type Answer, useAnswer } from '../../../services/use-answer';
import { useLookup } from './lookup-context';

/** As useAnswer, and asks again when the panel is refreshed. What was there stays until the new answer has come. */
export function useFreshAnswer<T>(question: Question<T> | undefined): Answer<T> {
  const { refreshKey } = useLookup();
  const answer = useAnswer(question);
  const { askAgain } = answer;
  const last = useRef(refreshKey);
  useEffect(() => {
    if (last.current === refreshKey) return;
    last.current = refreshKey;
    askAgain();
  }, [refreshKey, askAgain]);
  return answer;
}
