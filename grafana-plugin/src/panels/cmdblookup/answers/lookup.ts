import type { Question } from '../../../services/ask';
import { type ItemRef, readItemRef } from './item-ref';

export type LookupKey = 'uuid' | 'ip' | 'mac' | 'host';

/** The one item that has exactly this. */
export function lookupQuestion(key: LookupKey, value: string): Question<ItemRef> {
  return { service: 'cmdb', path: '/api/v1/lookup', params: { [key]: value }, read: readItemRef };
}
