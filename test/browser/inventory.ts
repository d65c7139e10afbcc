import type { Host } from './host.ts';

/** The panel on a board that looks up what this text says, in which variables may stand. */
export function panelLookingUp(lookup: string, more: Readonly<Record<string, string>> = {}): string {
  const knobs = new URLSearchParams({ options: JSON.stringify({ lookup }), h: '900', ...more });
  return `/panel/fleetlens-cmdblookup-panel?${knobs}`;
}

export interface InventoryItem {
  readonly id: number;
  readonly name: string;
  readonly attributes: { readonly uuid?: string; readonly serial?: string; readonly address?: string };
}

/** Items of the real inventory behind the page. */
export async function itemsOf(host: Host, itemClass: string): Promise<readonly InventoryItem[]> {
  const { items } = await (await host.ask(`cmdb/api/v1/items?class=${itemClass}&limit=50`)).json();
  return items;
}
