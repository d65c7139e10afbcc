import { attributeKey } from '../clean-text.ts';

/** Columns that mean more than an attribute of the same name. */
const special = [
  'class',
  'name',
  'state',
  'identities',
  'site',
  'room',
  'rack',
  'parent',
  'switch',
  'port',
  'tenant',
  'team',
  'owner',
  'cluster',
  'pdu',
  'located_in',
  'installed_on',
  'part_of',
  'connected_to',
  'powered_by',
  'runs_on',
  'depends_on',
  'owned_by',
] as const;
export type SpecialColumn = (typeof special)[number];

/** What people call columns, and what that is here. */
const otherNames = new Map(
  Object.entries({
    type: 'class',
    kind: 'class',
    hostname: 'name',
    host: 'name',
    host_name: 'name',
    device: 'name',
    device_name: 'name',
    server: 'name',
    status: 'state',
    lifecycle: 'state',
    life_cycle_state: 'state',
    serial_number: 'serial',
    serial_no: 'serial',
    serialnumber: 'serial',
    sn: 'serial',
    s_n: 'serial',
    service_tag: 'serial',
    manufacturer: 'vendor',
    make: 'vendor',
    maker: 'vendor',
    product: 'model',
    device_type: 'model',
    mac_address: 'mac',
    ip: 'address',
    ip_address: 'address',
    primary_ip: 'address',
    datacenter: 'site',
    data_center: 'site',
    data_centre: 'site',
    dc: 'site',
    hall: 'room',
    cage: 'room',
    cabinet: 'rack',
    unit: 'rack_unit',
    u: 'rack_unit',
    u_position: 'rack_unit',
    position: 'rack_unit',
    u_height: 'rack_units',
    height_u: 'rack_units',
    asset: 'asset_tag',
    asset_number: 'asset_tag',
    inventory_number: 'asset_tag',
    customer: 'tenant',
    cost_center: 'cost_centre',
    warranty: 'warranty_until',
    warranty_end: 'warranty_until',
    purchase_date: 'purchased',
  }),
);

export const attributeTypes = ['number', 'boolean', 'list'] as const;
export type AttributeType = (typeof attributeTypes)[number];

/** What a column is read as: a special one, an attribute, or nothing. */
export type Column =
  | { readonly is: 'special'; readonly name: SpecialColumn }
  | { readonly is: 'attribute'; readonly name: string; readonly type?: AttributeType | undefined }
  | undefined;

const ignored = 'ignore';
const maxRemembered = 10_000;
/** Before the name of an attribute that is called like a special column. */
const attributePrefix = 'attribute_';
/** Attributes that are numbers or booleans wherever they can be read so. */
const knownTypes = new Map<string, AttributeType>(
  Object.entries({
    rack_unit: 'number',
    rack_units: 'number',
    gpu_count: 'number',
    cpu_count: 'number',
    memory_bytes: 'number',
    speed: 'number',
    virtual: 'boolean',
  } as const),
);

/** `columnOf`, which remembers: a file has the same few columns in every row. */
export function createColumns(own: ReadonlyMap<string, string>): (header: string) => Column {
  const known = new Map<string, Column>();
  return (header) => {
    if (known.has(header)) return known.get(header);
    const column = columnOf(header, own);
    if (known.size < maxRemembered) known.set(header, column);
    return column;
  };
}

/** `own` says what columns of the file mean, by their names as they are written; `ignore` leaves one out. */
export function columnOf(header: string, own: ReadonlyMap<string, string>): Column {
  const told = own.get(header);
  if (told === ignored) return undefined;
  const [, plain = '', suffix] = /^(.*?)(?::(number|boolean|list))?$/s.exec(told ?? header) ?? [];
  const type = attributeTypes.find((each) => each === suffix);
  const key = attributeKey(plain);
  if (key === undefined) return undefined;
  if (key.startsWith(attributePrefix)) return attribute(key.slice(attributePrefix.length), type);
  const name = told === undefined && type === undefined ? (otherNames.get(key) ?? key) : key;
  const found = special.find((each) => each === name);
  return found === undefined || type !== undefined ? attribute(name, type) : { is: 'special', name: found };
}

/** The header under which an attribute is read back as it was. */
export function headerOfAttribute(name: string, type: AttributeType | undefined): string {
  const suffix = type === undefined || knownTypes.get(name) === type ? '' : `:${type}`;
  const column = columnOf(`${name}${suffix}`, new Map());
  return column?.is === 'attribute' && column.name === name ? `${name}${suffix}` : `${attributePrefix}${name}${suffix}`;
}

function attribute(name: string, type: AttributeType | undefined): Column {
  return { is: 'attribute', name, type: type ?? knownTypes.get(name) };
}
