import type { Change } from '../answers/changes';
import type { AttributeValue, Item } from '../answers/item';

/** One thing that a change changed. */
export type ChangeLine =
  | {
      readonly kind: 'value';
      readonly about: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | {
      readonly kind: 'opened' | 'closed';
      readonly type: string;
      /** As read from the item that changed. */
      readonly direction: 'out' | 'in';
      readonly other: { readonly id: number; readonly name: string };
    };

/** What differs between before and after; nothing for what was created or deleted as a whole. */
export function changeLines({ itemId, before, after, opened, closed }: Change): readonly ChangeLine[] {
  const values = before === undefined || after === undefined ? [] : differences(before, after);
  const ends = (kind: 'opened' | 'closed', relations: Change['opened']): readonly ChangeLine[] =>
    relations.map((relation) => ({ kind, type: relation.type, ...otherEnd(relation, itemId) }));
  return [...values, ...ends('closed', closed), ...ends('opened', opened)];
}

function otherEnd({ from, to, fromName, toName }: Change['opened'][number], itemId: number) {
  return from === itemId
    ? ({ direction: 'out', other: { id: to, name: toName ?? `#${to}` } } as const)
    : ({ direction: 'in', other: { id: from, name: fromName ?? `#${from}` } } as const);
}

function differences(before: Item, after: Item): readonly ChangeLine[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((about) => was.get(about) !== is.get(about))
    .map((about) => ({ kind: 'value', about, before: was.get(about), after: is.get(about) }));
}

function valuesOf({ name, state, attributes }: Item): ReadonlyMap<string, string> {
  return new Map([
    ['name', name],
    ['state', state],
    ...Object.entries(attributes).map(([key, value]) => [key, plain(value)] as const),
  ]);
}

function plain(value: AttributeValue): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}
