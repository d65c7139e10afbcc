import { createHash } from 'node:crypto';
import { addressOf, hostWithPort } from '../facts/host-address.ts';
import { createFactMatcher } from '../facts/match-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { SdList } from './sd-list.ts';
import { type TargetLabels, targetLabels } from './target-labels.ts';

/** The whole answer for one list, as Prometheus reads it. */
export interface RenderedList {
  readonly text: string;
  /** With its quotes. */
  readonly etag: string;
  readonly targets: number;
  /** Items that belong on the list and have no address. */
  readonly withoutAddress: number;
  /** Items with the address of one before them; Prometheus would ask the same server twice. */
  readonly repeated: number;
}

interface TargetGroup {
  readonly targets: readonly [string];
  readonly labels: TargetLabels;
}

export type ListRenderer = (inventory: Inventory) => RenderedList;

/** Items stand in the order of their numbers, so that the text changes only where something has changed. */
export function createListRenderer(list: SdList, hasReadyLabels: boolean): ListRenderer {
  const matches = createFactMatcher(list.match);
  const states: ReadonlySet<string> = new Set(list.states);
  const wanted = (inventory: Inventory): readonly Item[] =>
    inventory
      .ofClass(list.class)
      .filter((item) => states.has(item.state) && matches(inventory, item))
      .sort((a, b) => a.id - b.id);
  return (inventory) => {
    const items = wanted(inventory);
    const reachable = items.flatMap((item) => {
      const host = addressOf(item, list.address);
      return host === undefined ? [] : [{ item, target: hostWithPort(host, list.port) }];
    });
    // Of several items with one address the first one counts.
    const first = new Map(reachable.toReversed().map((each) => [each.target, each]));
    const groups = reachable
      .filter((each) => first.get(each.target) === each)
      .map(
        ({ target, item }): TargetGroup => ({
          targets: [target],
          labels: targetLabels(inventory, item, { list, hasReadyLabels }),
        }),
      );
    const withoutAddress = items.length - reachable.length;
    const repeated = reachable.length - groups.length;
    const text = groups.length === 0 ? '[]\n' : `[\n${groups.map((group) => JSON.stringify(group)).join(',\n')}\n]\n`;
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
    return { text, etag, targets: groups.length, withoutAddress, repeated };
  };
}
