import { type Json, numberIn, recordOf, textIn } from './json';

/** Enough of an item to show it and to go to it. */
export interface ItemRef {
  readonly id: number;
  /** Such as `server`; later versions of the inventory may have others. */
  readonly class: string;
  readonly name: string;
  readonly state: string;
}

export function readItemRef(value: unknown): ItemRef {
  const from = recordOf(value, 'an item');
  return {
    id: numberIn(from, 'id'),
    class: textIn(from, 'class'),
    name: textIn(from, 'name'),
    state: textIn(from, 'state'),
  };
}

export function maybeItemRef(from: Json, key: string): ItemRef | undefined {
  return from[key] === undefined || from[key] === null ? undefined : readItemRef(from[key]);
}
