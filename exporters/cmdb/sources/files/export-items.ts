import { dump } from 'js-yaml';
import { csvLine } from '../../../../kit/csv/csv-line.ts';
import type { AttributeValue, Identity, Item } from '../../model/item.ts';
import type { ItemClass } from '../../model/item-class.ts';
import { type RelationType, relationTypes } from '../../model/relation-type.ts';
import { type AttributeType, headerOfAttribute } from './columns.ts';
import { guardFormula } from './formula-guard.ts';
import { joinList } from './list-field.ts';

/** An item as it is written out, so that reading it back finds the same item. */
export type ExportedItem = Pick<Item, 'class' | 'name' | 'state' | 'attributes' | 'identities'> & {
  readonly relations: readonly ExportedRelation[];
};

export interface ExportedRelation {
  readonly type: RelationType;
  readonly class: ItemClass;
  /** Surest identity of the other end. */
  readonly identity: Identity;
}

const firstColumns = ['class', 'name', 'state', 'identities'] as const;
const types = Object.keys(relationTypes);

/** CSV with a header, a line at a time: RFC 4180, with \n, and no field that a spreadsheet would run. */
export function* toCsv(items: readonly ExportedItem[]): Generator<string> {
  const attributes = attributeColumns(items);
  const used = types.filter((type) =>
    items.some(({ relations }) => relations.some((relation) => relation.type === type)),
  );
  yield line([...firstColumns, ...[...attributes].map(([name, type]) => headerOfAttribute(name, type)), ...used]);
  for (const item of items) {
    yield line([
      item.class,
      item.name,
      item.state,
      joinList(item.identities.map(writtenIdentity)),
      ...[...attributes.keys()].map((name) => fieldOf(item.attributes[name])),
      ...used.map((type) => joinList(item.relations.filter((relation) => relation.type === type).map(writtenTarget))),
    ]);
  }
}

/** A YAML list, an item at a time. */
export function* toYaml(items: Iterable<ExportedItem>): Generator<string> {
  for (const { class: itemClass, name, state, identities, attributes, relations } of items) {
    const targets = types.flatMap((type) => {
      const ends = relations.filter((relation) => relation.type === type).map(writtenTarget);
      return ends.length === 0 ? [] : [[type, ends] as const];
    });
    const entry = {
      class: itemClass,
      name,
      state,
      identities: identities.map(writtenIdentity),
      attributes,
      relations: Object.fromEntries(targets),
    };
    yield dump([entry], { lineWidth: -1, noRefs: true });
  }
}

function writtenIdentity({ kind, value }: Identity): string {
  return `${kind}=${value}`;
}

function writtenTarget({ class: itemClass, identity }: ExportedRelation): string {
  return `${itemClass}/${writtenIdentity(identity)}`;
}

/** Attributes by name, with the type that all of their values have if that is not text. */
function attributeColumns(items: readonly ExportedItem[]): ReadonlyMap<string, AttributeType | undefined> {
  const found = new Map<string, Set<AttributeType | undefined>>();
  for (const { attributes } of items) {
    for (const [name, value] of Object.entries(attributes)) {
      const seen = found.get(name) ?? new Set();
      found.set(name, seen.add(typeOf(value)));
    }
  }
  const names = [...found].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(names.map(([name, seen]) => [name, seen.size === 1 ? [...seen][0] : undefined]));
}

function typeOf(value: AttributeValue): AttributeType | undefined {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? undefined : 'list';
}

function fieldOf(value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? joinList(value) : String(value);
}

function line(fields: readonly string[]): string {
  return csvLine(fields.map(guardFormula), '\n');
}
