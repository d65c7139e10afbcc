import { badField } from '../../../kit/api/api-error.ts';
import { type ItemClass, isItemClass, itemClasses } from '../model/item-class.ts';

/** Of long answers people often want some classes. */
export const listedClasses = {
  in: 'query',
  type: 'list',
  about: `Only items of these classes are listed: ${Object.keys(itemClasses).join(', ')}.`,
} as const;

/** Throws an ApiError that names the one that is none. */
export function classesOf(field: string, names: readonly string[]): readonly ItemClass[] {
  return checked(field, names, isItemClass, Object.keys(itemClasses));
}

export function checked<T extends string>(
  field: string,
  names: readonly string[],
  is: (name: string) => name is T,
  allowed: readonly string[],
): readonly T[] {
  return names.map((name) => {
    if (is(name)) return name;
    throw badField(field, `must be of ${allowed.join(', ')}, got ${JSON.stringify(name.slice(0, 80))}`);
  });
}
