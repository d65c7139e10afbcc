import type { Question } from '../../../services/ask';
import { readItemRef } from './item-ref';
import { listOf, maybeText, recordOf } from './json';

export interface Example {
  readonly name: string;
  readonly uuid: string | undefined;
  readonly serial: string | undefined;
}

/** One item of a class that is in service; undefined where there is none. */
export function examplesQuestion(itemClass: string): Question<Example | undefined> {
  return {
    service: 'cmdb',
    path: '/api/v1/items',
    params: { class: itemClass, state: 'in_service', limit: 1, fields: 'class,name,state,attributes' },
    read: (value) => listOf(recordOf(value, 'the answer').items, 'items', readExample)[0],
  };
}

function readExample(value: unknown): Example {
  const from = recordOf(value, 'an item');
  const attributes = recordOf(from.attributes ?? {}, 'attributes');
  return { name: readItemRef(from).name, uuid: maybeText(attributes, 'uuid'), serial: maybeText(attributes, 'serial') };
}
