import type { Question } from '../../../services/ask';
import { type Json, listIn, maybeText, numberIn, recordOf, textIn } from './json';

export interface Window {
  readonly id: number;
  readonly title: string;
  readonly state: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string | undefined;
}

export interface NewWindow {
  readonly title: string;
  readonly items: readonly number[];
  /** RFC 3339; now without it. */
  readonly startsAt: string | undefined;
  /** Such as 2h. */
  readonly duration: string;
}

export function readWindows(value: unknown): readonly Window[] {
  return listIn(recordOf(value, 'the answer'), 'windows', readWindow);
}

/** Windows that run or are to come and that hold the item. */
export function windowsQuestion(item: number | undefined): Question<readonly Window[]> {
  const params = item === undefined ? { state: 'current' } : { state: 'current', item };
  return { service: 'cmdb', path: '/api/v1/maintenance', params, read: readWindows };
}

/** Begins a window; the answer is what was begun and how many items it holds. */
export function newWindowQuestion({
  title,
  items,
  startsAt,
  duration,
}: NewWindow): Question<Window & { readonly holds: number }> {
  return {
    service: 'cmdb',
    path: '/api/v1/maintenance',
    method: 'POST',
    body: { title, scope: { items }, duration, ...(startsAt === undefined ? {} : { starts_at: startsAt }) },
    read: (value) => {
      const from = recordOf(value, 'the window');
      return { ...windowOf(from), holds: numberIn(recordOf(from.holds, 'holds'), 'items') };
    },
  };
}

function readWindow(value: unknown): Window {
  return windowOf(recordOf(value, 'a window'));
}

function windowOf(from: Json): Window {
  return {
    id: numberIn(from, 'id'),
    title: textIn(from, 'title'),
    state: textIn(from, 'state'),
    startsAt: textIn(from, 'starts_at'),
    endsAt: textIn(from, 'ends_at'),
    createdBy: maybeText(from, 'created_by'),
  };
}
