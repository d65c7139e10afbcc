import { cleanValue } from '../facts/clean-value.ts';
import { attributeTexts, type DerivedFact, factOf, singleFact } from '../facts/item-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { SdList } from './sd-list.ts';

export type TargetLabels = Readonly<Record<string, string>>;

/** Only what hardly ever changes, and nothing that may hold a secret or a remark about a person: every attribute else must be asked for. */
const metaFacts = [
  'name',
  'class',
  'state',
  'node',
  'cluster',
  'site',
  'room',
  'rack',
  'unit',
  'tenant',
  'team',
  'owner',
] as const satisfies readonly DerivedFact[];
const metaAttributes = ['role', 'vendor', 'model', 'fqdn'] as const;
const readyFacts = ['node', 'rack', 'cluster', 'tenant', 'role', 'owner'] as const;

/** Labels of one target, in a fixed order. Labels without a value are left out: Prometheus treats them alike. */
export function targetLabels(
  inventory: Inventory,
  item: Item,
  { list, hasReadyLabels }: { readonly list: SdList; readonly hasReadyLabels: boolean },
): TargetLabels {
  const labels: Record<string, string> = { __meta_cmdb_id: String(item.id) };
  const set = (label: string, value: string | undefined): void => {
    const text = value === undefined ? '' : cleanValue(value);
    if (text !== '') labels[label] = text;
  };
  for (const fact of metaFacts) set(`__meta_cmdb_${fact}`, singleFact(inventory, item, fact));
  for (const name of metaAttributes) set(`__meta_cmdb_${name}`, attributeTexts(item, name)[0]);
  set('__meta_cmdb_tenants', wrapped(factOf(inventory, item, 'tenants')));
  if (hasReadyLabels) for (const fact of readyFacts) set(fact, singleFact(inventory, item, fact));
  for (const [fact, label] of Object.entries(list.labels)) {
    const values = factOf(inventory, item, fact);
    set(label, values.length > 1 ? wrapped(values) : values[0]);
  }
  set('__metrics_path__', list.path);
  set('__scheme__', list.scheme);
  for (const [name, value] of Object.entries(list.params)) set(`__param_${name}`, value);
  return labels;
}

/** With a comma at each end, so that `.*,a,.*` finds a and nothing that only holds it. */
function wrapped(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : `,${values.map((value) => value.replaceAll(',', ' ')).join(',')},`;
}
