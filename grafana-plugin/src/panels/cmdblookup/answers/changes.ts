import type { Question } from '../../../services/ask';
import { type Item, readItem } from './item';
import { listIn, maybeText, numberIn, recordOf, textIn } from './json';

export interface RelationEnd {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  /** Absent of what is gone. */
  readonly fromName: string | undefined;
  readonly toName: string | undefined;
}

export interface Change {
  readonly sequence: number;
  readonly at: string;
  readonly source: string;
  readonly actor: string;
  readonly message: string;
  readonly itemId: number;
  readonly action: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly opened: readonly RelationEnd[];
  readonly closed: readonly RelationEnd[];
}

export function readChanges(value: unknown): readonly Change[] {
  return listIn(recordOf(value, 'the answer'), 'changes', readChange);
}

/** Of an item, the newest first; also of one that is gone. */
export function historyQuestion(id: number, limit: number): Question<readonly Change[]> {
  return { service: 'cmdb', path: `/api/v1/items/${id}/history`, params: { limit }, read: readChanges };
}

/** Of all items, the newest first. */
export function changesQuestion(limit: number): Question<readonly Change[]> {
  return { service: 'cmdb', path: '/api/v1/changes', params: { limit }, read: readChanges };
}

function readChange(value: unknown): Change {
  const from = recordOf(value, 'a change');
  const { before, after } = from;
  return {
    sequence: numberIn(from, 'sequence'),
    at: textIn(from, 'at'),
    source: textIn(from, 'source'),
    actor: textIn(from, 'actor'),
    message: maybeText(from, 'message') ?? '',
    itemId: numberIn(from, 'item_id'),
    action: textIn(from, 'action'),
    before: before === null || before === undefined ? undefined : readItem(before),
    after: after === null || after === undefined ? undefined : readItem(after),
    opened: listIn(from, 'opened', readEnd),
    closed: listIn(from, 'closed', readEnd),
  };
}

function readEnd(value: unknown): RelationEnd {
  const from = recordOf(value, 'a relation');
  return {
    type: textIn(from, 'type'),
    from: numberIn(from, 'from'),
    to: numberIn(from, 'to'),
    fromName: maybeText(from, 'from_name'),
    toName: maybeText(from, 'to_name'),
  };
}
