import type { Question } from '../../../services/ask';
import { type ItemRef, readItemRef } from './item-ref';
import { listOf, maybeNumber, maybeText, recordOf, textsOf } from './json';

/** What is found, with what people tell things apart by. */
export interface Hit extends ItemRef {
  readonly site: string | undefined;
  readonly rack: string | undefined;
  readonly unit: string | undefined;
  readonly node: string | undefined;
  readonly serial: string | undefined;
  readonly tenants: readonly string[];
}

export interface Hits {
  readonly hits: readonly Hit[];
  readonly total: number;
  /** What the inventory says about the words, such as what was not taken into account. */
  readonly notes: readonly string[];
}

export function readHits(value: unknown): Hits {
  const from = recordOf(value, 'the answer');
  const hits = listOf(from.items, 'items', readHit);
  return { hits, total: maybeNumber(from, 'total') ?? hits.length, notes: textsOf(from, 'notes') };
}

export function searchQuestion(text: string, limit: number): Question<Hits> {
  return { service: 'cmdb', path: '/api/v1/search', params: { q: quotedWhereNeeded(text), limit }, read: readHits };
}

/** Addresses have colons, which are filters in the language of the search. */
function quotedWhereNeeded(text: string): string {
  const isAddress = /^[0-9a-f]{0,4}(:[0-9a-f.]*){2,}$/i.test(text.trim());
  return isAddress ? `"${text.trim()}"` : text;
}

function readHit(value: unknown): Hit {
  const from = recordOf(value, 'an item');
  return {
    ...readItemRef(from),
    site: maybeText(from, 'site'),
    rack: maybeText(from, 'rack'),
    unit: maybeText(from, 'unit'),
    node: maybeText(from, 'node'),
    serial: maybeText(from, 'serial'),
    tenants: textsOf(from, 'tenants'),
  };
}
