import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { type Expectation, type Expectations, fits, textsOf } from './expectation.ts';

export const baselineStatuses = ['current', 'behind', 'unknown'] as const;
export type BaselineStatus = (typeof baselineStatuses)[number];

/** An attribute of an item, held against its baseline. */
export interface BaselineCheck {
  readonly attribute: string;
  readonly expected: string;
  /** Undefined where nobody says. */
  readonly actual: string | undefined;
  readonly status: BaselineStatus;
}

export interface BaselineCount {
  readonly model: string;
  readonly attribute: string;
  readonly status: BaselineStatus;
  readonly count: number;
}

/** Items that are there, whatever is done to them; what is ordered or gone for good need not be up to date. */
export function isKept({ state }: Item): boolean {
  return state !== 'planned' && state !== 'retired';
}

export function checkBaseline({ baseline }: Pick<Expectation, 'baseline'>, item: Item): readonly BaselineCheck[] {
  return baseline.map(([attribute, expected]) => {
    const value = item.attributes[attribute];
    if (value === undefined) return { attribute, expected, actual: undefined, status: 'unknown' };
    const texts = textsOf(value);
    return {
      attribute,
      expected,
      actual: texts.join(', '),
      status: texts.includes(expected) ? 'current' : 'behind',
    };
  });
}

/** Where several expectations name an attribute, the first one counts. */
export function checksOf({ list }: Pick<Expectations, 'list'>, item: Item): readonly BaselineCheck[] {
  const checks = new Map<string, BaselineCheck>();
  for (const expectation of list.filter((each) => fits(each, item)))
    for (const check of checkBaseline(expectation, item))
      if (!checks.has(check.attribute)) checks.set(check.attribute, check);
  return [...checks.values()];
}

/** Items under a baseline, by model, attribute and status; each status is there, with 0 if need be. */
export function countBaselines(
  expectations: Pick<Expectations, 'list'>,
  inventory: Inventory,
): readonly BaselineCount[] {
  const counts = new Map<
    string,
    { readonly model: string; readonly attribute: string; readonly by: Map<BaselineStatus, number> }
  >();
  for (const item of inventory.items()) {
    if (!isKept(item)) continue;
    const model = String(item.attributes['model'] ?? '');
    for (const { attribute, status } of checksOf(expectations, item)) {
      const key = JSON.stringify([model, attribute]);
      const entry = counts.get(key) ?? { model, attribute, by: new Map<BaselineStatus, number>() };
      entry.by.set(status, (entry.by.get(status) ?? 0) + 1);
      counts.set(key, entry);
    }
  }
  return [...counts.values()].flatMap(({ model, attribute, by }) =>
    baselineStatuses.map((status) => ({ model, attribute, status, count: by.get(status) ?? 0 })),
  );
}
