import { didYouMean } from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { cut } from '../../../../kit/options/preview.ts';
import type { AttributeValue, Identity } from '../../model/item.ts';
import { type IdentityKind, type ItemClass, identityKinds, isItemClass, itemClasses } from '../../model/item-class.ts';
import { isRelationType } from '../../model/relation-type.ts';
import { isLifecycleState, type LifecycleState, lifecycleStates } from '../../model/state.ts';
import { cleanNumber, cleanText } from '../clean-text.ts';
import type { AttributeType, Column, SpecialColumn } from './columns.ts';
import type { ItemRecord, Link } from './item-record.ts';
import { splitList } from './list-field.ts';

export interface RecordOptions {
  /** Class of records that name none. */
  readonly defaultClass: ItemClass;
  /** See `createColumns`. */
  readonly columnOf: (header: string) => Column;
}

const states = new Map<string, LifecycleState>(
  Object.entries({
    active: 'in_service',
    production: 'in_service',
    ok: 'in_service',
    staged: 'planned',
    ordered: 'planned',
    broken: 'failed',
    defective: 'failed',
    repair: 'rma',
    decommissioned: 'retired',
    disposed: 'retired',
  } as const),
);
const columnsOfLinks: readonly (readonly [SpecialColumn, Pick<Link, 'type' | 'class'>])[] = [
  ['tenant', { type: 'owned_by', class: 'tenant' }],
  ['team', { type: 'owned_by', class: 'team' }],
  ['owner', { type: 'owned_by', class: 'person' }],
  ['cluster', { type: 'part_of', class: 'cluster' }],
  ['pdu', { type: 'powered_by', class: 'pdu' }],
];

/** Fields by the names that the file gives them. Throws a SourceError that says what is wrong with which field. */
export function readRecord(
  fields: ReadonlyMap<string, AttributeValue>,
  where: string,
  { defaultClass, columnOf }: RecordOptions,
): ItemRecord {
  const special = new Map<SpecialColumn, AttributeValue>();
  const attributes: Record<string, AttributeValue> = {};
  for (const [header, value] of fields) {
    const column = columnOf(header);
    if (column?.is === 'special') special.set(column.name, value);
    else if (column !== undefined) attributes[column.name] = attributeOf(value, column.type);
  }
  const text = (name: SpecialColumn): string | undefined => cleanText(special.get(name));
  const itemClass = classOf(text('class'), where) ?? defaultClass;
  const cable = { switch: text('switch'), port: text('port') };
  const isPort = itemClass === 'port';
  return {
    where,
    class: itemClass,
    name: text('name') ?? (isPort ? cable.port : undefined),
    state: stateOf(text('state'), where),
    attributes,
    identities: valuesOf(special.get('identities')).map((value) => identityOf(value, where)),
    links: [...linksOfColumns(special), ...linksOfRelations(special, where)],
    place: { site: text('site'), room: text('room'), rack: text('rack') },
    parent: text('parent') ?? (isPort ? cable.switch : undefined),
    port:
      isPort || cable.switch === undefined || cable.port === undefined
        ? undefined
        : { switch: cable.switch, port: cable.port },
  };
}

/** What does not look like its type stays text. */
function attributeOf(value: AttributeValue, type: AttributeType | undefined): AttributeValue {
  if (typeof value !== 'string') return value;
  const text = cleanText(value) ?? '';
  switch (type) {
    case undefined:
      return text;
    case 'number':
      return cleanNumber(text) ?? text;
    case 'boolean':
      return /^(true|yes|1)$/i.test(text) || (/^(false|no|0)$/i.test(text) ? false : text);
    case 'list':
      return valuesOf(value);
  }
}

function classOf(text: string | undefined, where: string): ItemClass | undefined {
  const name = text?.toLowerCase().replaceAll(/[\s-]+/g, '_');
  if (name === undefined || isItemClass(name)) return name;
  throw new SourceError(`${where}: class ${cut(name)} is unknown${didYouMean(name, Object.keys(itemClasses))}`);
}

function stateOf(text: string | undefined, where: string): LifecycleState | undefined {
  const name = text?.toLowerCase().replaceAll(/[\s-]+/g, '_');
  if (name === undefined) return undefined;
  const state = isLifecycleState(name) ? name : states.get(name);
  if (state !== undefined) return state;
  throw new SourceError(`${where}: state must be one of ${Object.keys(lifecycleStates).join(', ')}, got ${cut(name)}`);
}

function linksOfColumns(special: ReadonlyMap<SpecialColumn, AttributeValue>): readonly Link[] {
  return columnsOfLinks.flatMap(([column, link]) => valuesOf(special.get(column)).map((name) => ({ ...link, name })));
}

/** `class/name` in a column that is called like a type of relation. */
function linksOfRelations(special: ReadonlyMap<SpecialColumn, AttributeValue>, where: string): readonly Link[] {
  return [...special].flatMap(([column, value]) =>
    isRelationType(column)
      ? valuesOf(value).map((target) => ({ type: column, ...targetOf(target, column, where) }))
      : [],
  );
}

/** `rack/r1`, or `rack/name=s1/r1` as an export writes it. */
function targetOf(text: string, column: string, where: string): Pick<Link, 'class' | 'name' | 'identity'> {
  const [, itemClass = '', target = ''] = /^\s*([a-z_]+)\/(.+)$/s.exec(text) ?? [];
  const name = target.trim();
  if (isItemClass(itemClass) && name !== '') return { class: itemClass, name, identity: writtenIdentity(name) };
  throw new SourceError(`${where}: ${column} must be a class and a name such as rack/r1, got ${cut(text)}`);
}

function identityOf(text: string, where: string): Identity {
  const identity = writtenIdentity(text);
  if (identity !== undefined) return identity;
  throw new SourceError(
    `${where}: an identity must be a kind and a value such as serial=dell/abc123, got ${cut(text)}`,
  );
}

/** `kind=value`, as an export writes it. */
function writtenIdentity(text: string): Identity | undefined {
  const [, kind = '', value = ''] = /^([a-z]+)=(.+)$/s.exec(text.trim()) ?? [];
  return isIdentityKind(kind) ? { kind, value: value.trim().toLowerCase().slice(0, 200) } : undefined;
}

function isIdentityKind(kind: string): kind is IdentityKind {
  return Object.hasOwn(identityKinds, kind);
}

function valuesOf(value: AttributeValue | undefined): readonly string[] {
  const values =
    typeof value === 'object' ? value : typeof value === 'string' ? splitList(value) : [String(value ?? '')];
  return values.flatMap((each) => cleanText(each) ?? []);
}
