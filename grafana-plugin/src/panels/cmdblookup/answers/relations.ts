import type { Question } from '../../../services/ask';
import { type ItemRef, maybeItemRef } from './item-ref';
import { listIn, maybeText, numberIn, recordOf, textIn } from './json';

export interface Relation {
  /** Read as a sentence: a GPU is `installed_on` a server. */
  readonly type: string;
  readonly other: ItemRef;
  readonly source: string | undefined;
  readonly since: string | undefined;
}

export interface Relations {
  /** Those that begin at the item. */
  readonly outgoing: readonly Relation[];
  readonly incoming: readonly Relation[];
  /** Of both, also where not all are listed. */
  readonly total: number;
}

export function readRelations(value: unknown): Relations {
  const from = recordOf(value, 'the relations');
  return {
    outgoing: listIn(from, 'outgoing', readRelation).flatMap(present),
    incoming: listIn(from, 'incoming', readRelation).flatMap(present),
    total: numberIn(from, 'total'),
  };
}

export function relationsQuestion(id: number): Question<Relations> {
  return { service: 'cmdb', path: `/api/v1/items/${id}/relations`, params: { limit: 500 }, read: readRelations };
}

/** The other end may have been deleted meanwhile. */
function readRelation(value: unknown): Relation | undefined {
  const from = recordOf(value, 'a relation');
  const other = maybeItemRef(from, 'item');
  if (other === undefined) return undefined;
  return { type: textIn(from, 'type'), other, source: maybeText(from, 'source'), since: maybeText(from, 'since') };
}

function present(relation: Relation | undefined): readonly Relation[] {
  return relation === undefined ? [] : [relation];
}
