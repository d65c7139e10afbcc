import type { AttributeValue, Item } from '../answers/item';

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Which source says so. */
  readonly source: string | undefined;
}

/** What people look for first, in this order. */
const first = [
  'model',
  'vendor',
  'role',
  'serial',
  'asset_tag',
  'gpu_model',
  'gpu_count',
  'gpu_index',
  'slot',
  'pci_bus_id',
  'profile',
  'address',
  'mac',
  'speed',
  'os',
  'kernel',
  'driver_version',
  'memory_bytes',
  'cpu_count',
  'warranty_until',
  'cost_centre',
  'email',
  'phone',
];
/** Said elsewhere in the view. */
const elsewhere: ReadonlySet<string> = new Set([
  'uuid',
  'node',
  'kubernetes_node',
  'cluster',
  'rack_unit',
  'rack_units',
  'fqdn',
]);

/** Attributes for people, what matters first. */
export function itemFacts({ attributes, origins }: Item): readonly Fact[] {
  const rank = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length);
  return Object.entries(attributes)
    .filter(([name]) => !elsewhere.has(name))
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value: formatAttribute(name, value), source: origins[name] }));
}

/** Sources that say something of the item that counts. */
export function sourcesOf({ origins }: Item): readonly string[] {
  return [...new Set(Object.values(origins))].sort();
}

export function formatAttribute(name: string, value: AttributeValue): string {
  if (typeof value === 'object') return value.join(', ');
  if (typeof value !== 'number') return String(value);
  if (name.endsWith('_bytes')) return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
  if (name === 'speed') return scaled(value, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
  return String(value);
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let [rest, step] = [value, 0];
  while (rest >= base && step < units.length - 1) [rest, step] = [rest / base, step + 1];
  return `${Math.round(rest * 10) / 10} ${units[step] ?? ''}`;
}
