import { SourceError } from '../../../../kit/errors.ts';
import { cleanText } from '../clean-text.ts';
import { fieldsIn, isFields, type JsonFields, listIn, ownField } from '../json-value.ts';

const maxNeighbours = 10_000;

/** One line of the table of neighbours. */
export interface Neighbour {
  /** Interface on which it is seen. */
  readonly interface: string;
  readonly chassis: Chassis;
  readonly port: { readonly id: Id | undefined; readonly description: string | undefined };
}

export interface Chassis {
  readonly id: Id | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly addresses: readonly string[];
  /** Those that are enabled, in lower case. */
  readonly capabilities: readonly string[];
}

export interface Id {
  /** mac, ifname, ip, local and so on. */
  readonly type: string;
  readonly value: string;
}

/**
 * Output of `lldpcli show neighbors -f json0` or `-f json`. The first wraps every value in a list; the second drops lists of one and
 * objects that hold a value alone, and moves a name out to be the key of its object. Throws SourceError.
 */
export function parseLldp(json: unknown): readonly Neighbour[] {
  const lldp = ownField(json, 'lldp');
  if (lldp === undefined || (!isFields(lldp) && !Array.isArray(lldp)))
    throw new SourceError('it has no lldp at its top; write it by lldpcli show neighbors -f json0');
  const interfaces = listIn(lldp)
    .flatMap((part) => listIn(ownField(part, 'interface')))
    .flatMap(named);
  if (interfaces.length > maxNeighbours)
    throw new SourceError(`it has ${interfaces.length} neighbours; at most ${maxNeighbours} are read`);
  return interfaces.flatMap(({ name, fields }) => {
    if (name === undefined) return [];
    const [chassis] = listIn(fields['chassis']).flatMap(named);
    const port = fieldsIn(single(fields['port']));
    return [
      {
        interface: name,
        chassis: chassisOf(chassis?.name, chassis?.fields ?? {}),
        port: { id: idOf(port['id']), description: plainValue(port['descr']) },
      },
    ];
  });
}

interface Named {
  readonly name: string | undefined;
  readonly fields: JsonFields;
}

/** `{name: [{value: x}], …}`, `{name: x, …}` or `{x: {…}, y: {…}}`. */
function named(value: unknown): readonly Named[] {
  if (!isFields(value)) return [];
  if (isWhole(value)) return [{ name: plainValue(value['name']), fields: value }];
  return Object.entries(value).flatMap(([name, fields]) =>
    isFields(fields) ? [{ name: cleanText(name), fields }] : [],
  );
}

/** Whether these are the fields of an interface or chassis, rather than a name that leads to them. */
function isWhole(fields: JsonFields): boolean {
  if (plainValue(fields['name']) !== undefined) return true;
  return typeof fields['via'] === 'string' || idOf(fields['id']) !== undefined;
}

function chassisOf(name: string | undefined, fields: JsonFields): Chassis {
  const capabilities = listIn(fields['capability']).map(fieldsIn);
  return {
    id: idOf(fields['id']),
    name,
    description: plainValue(fields['descr']),
    addresses: listIn(fields['mgmt-ip']).flatMap((address) => plainValue(address) ?? []),
    capabilities: capabilities
      .filter(({ enabled }) => enabled === true)
      .flatMap(({ type }) => cleanText(type)?.toLowerCase() ?? []),
  };
}

function idOf(value: unknown): Id | undefined {
  const fields = fieldsIn(single(value));
  const type = cleanText(fields['type']);
  const text = cleanText(fields['value']);
  return type === undefined || text === undefined ? undefined : { type: type.toLowerCase(), value: text };
}

/** `x`, `{value: x}` or `[{value: x}]`. */
function plainValue(value: unknown): string | undefined {
  const inner = single(value);
  return cleanText(isFields(inner) ? ownField(inner, 'value') : inner);
}

function single(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}
