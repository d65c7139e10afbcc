import type { Collector } from '../../../kit/collector.ts';
import type { cmdb } from '../../../metrics/cmdb.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { nodeOf } from '../place/node-of.ts';
import type { CmdbView } from '../view.ts';

export type CmdbCollector = Collector<CmdbView, typeof cmdb>;

/** The labels by which every series about one item names it. */
export function itemLabels(inventory: Inventory, item: Item) {
  return { ci: String(item.id), class: item.class, name: item.name, node: nodeOf(inventory, item.id) ?? '' };
}

/** Items of the shown classes that are in use. */
export function shownItems({ inventory, shownClasses }: CmdbView): readonly Item[] {
  return shownClasses.flatMap((itemClass) => inventory.ofClass(itemClass)).filter(({ state }) => state !== 'retired');
}
