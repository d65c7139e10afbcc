import { type ItemRef, readItemRef } from '../../../panels/cmdblookup/answers/item-ref';
import { listIn, numberIn, recordOf, textIn } from '../../../panels/cmdblookup/answers/json';
import type { Question } from '../../../services/ask';

/** In what an item is not as recorded or expected. */
export interface Drift {
  readonly item: ItemRef;
  readonly aspect: string;
  readonly expected: string;
  readonly actual: string;
}

export interface Drifts {
  readonly drifts: readonly Drift[];
  readonly total: number;
}

export function readDrifts(value: unknown): Drifts {
  const from = recordOf(value, 'the answer');
  return { drifts: listIn(from, 'drift', readDrift), total: numberIn(from, 'total') };
}

export function driftQuestion(limit: number): Question<Drifts> {
  return { service: 'cmdb', path: '/api/v1/drift', params: { limit }, read: readDrifts };
}

function readDrift(value: unknown): Drift {
  const from = recordOf(value, 'a difference');
  return {
    item: readItemRef(from.item),
    aspect: textIn(from, 'aspect'),
    expected: plain(from.expected),
    actual: plain(from.actual),
  };
}

function plain(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
