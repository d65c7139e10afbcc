import { type KeyboardEvent, useState } from 'react';
import type { ServiceProblem } from '../../../services/service-problem';
import { useAnswer } from '../../../services/use-answer';
import { type Hit, searchQuestion } from '../answers/search';
import { useDebounced } from './use-debounced';

export interface Suggestions {
  readonly typed: string;
  readonly type: (text: string) => void;
  readonly hits: readonly Hit[];
  readonly total: number;
  readonly problem: ServiceProblem | undefined;
  readonly isLoading: boolean;
  readonly isShown: boolean;
  /** The one that Enter takes; -1 for what was typed itself. */
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly choose: (hit: Hit) => void;
  readonly close: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

interface Callbacks {
  readonly onSearch: (text: string) => void;
  readonly onChoose: (id: number, text: string) => void;
}

const suggested = 10;
const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** What the inventory suggests for what is typed, and which keys do what. */
export function useSuggestions(text: string, { onSearch, onChoose }: Callbacks): Suggestions {
  const [typed, setTyped] = useTyped(text);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const asked = useDebounced(typed.trim(), 150);
  const isAsking = isOpen && typed.trim() !== '';
  const answer = useAnswer(isAsking && asked !== '' ? searchQuestion(asked, suggested) : undefined);
  const hits = isAsking ? (answer.value?.hits ?? []) : [];
  const isShown = isAsking && (answer.value !== undefined || answer.problem !== undefined);
  const close = () => {
    setIsOpen(false);
    setActive(-1);
  };
  const choose = (hit: Hit) => {
    setTyped(hit.name);
    close();
    onChoose(hit.id, hit.name);
  };
  const enter = () => {
    const hit = hits[active];
    if (hit !== undefined) return choose(hit);
    close();
    onSearch(typed.trim());
  };
  // The first closes the list, the second empties the field.
  const leave = () => (isShown ? close() : setTyped(''));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined && hits.length > 0) setActive(nextActive(active, step, hits.length));
    else if (event.key === 'Enter') enter();
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
    // A dashboard would leave the panel with Escape.
    event.stopPropagation();
  };
  const type = (next: string) => {
    setTyped(next);
    setIsOpen(true);
    setActive(-1);
  };
  const { problem, isLoading } = answer;
  const total = answer.value?.total ?? 0;
  return { typed, type, hits, total, problem, isLoading, isShown, active, setActive, choose, close, onKeyDown };
}

/** What the address or a variable says wins over what was typed before. */
function useTyped(text: string): [typed: string, setTyped: (typed: string) => void] {
  const [typed, setTyped] = useState(text);
  const [last, setLast] = useState(text);
  if (text !== last) {
    setLast(text);
    setTyped(text);
  }
  return [typed, setTyped];
}

/** Around the ends, over the field itself, which is -1. */
export function nextActive(active: number, step: number, count: number): number {
  const next = active + step;
  if (next >= count) return -1;
  return next < -1 ? count - 1 : next;
}
