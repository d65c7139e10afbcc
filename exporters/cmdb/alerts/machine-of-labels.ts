import { findExactly } from '../find/find-exactly.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';

/** The item that an alert is about, by its labels; the most exact one that leads to a single item. */
export function itemOfLabels(inventory: Inventory, labels: Readonly<Record<string, string>>): Item | undefined {
  const label = (name: string): string | undefined => (Object.hasOwn(labels, name) ? labels[name] : undefined);
  const id = /^\d{1,10}$/.test(label('ci_id') ?? '') ? inventory.item(Number(label('ci_id'))) : undefined;
  if (id !== undefined) return id;
  const host = withoutPort(label('instance'));
  const tries = [
    ['uuid', label('uuid')],
    ['uuid', label('UUID')],
    ['node', label('node')],
    ['host', label('node')],
    ['host', label('Hostname')],
    ['host', host],
    ['node', host],
  ] as const;
  for (const [key, value] of tries) {
    if (value === undefined || value === '') continue;
    const [found, second] = findExactly(inventory, key, value);
    if (found !== undefined && second === undefined) return found;
  }
  return undefined;
}

/** host:9100 and [::1]:9100 without the port. */
function withoutPort(instance: string | undefined): string | undefined {
  if (instance === undefined) return undefined;
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(instance) ?? [];
  return bracketed ?? plain ?? instance;
}
