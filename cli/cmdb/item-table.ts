import { type Fields, textOf } from '../api-client/fields.ts';
import { type Column, textTable } from '../api-client/text-table.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';

const columns: readonly Column<Fields>[] = [
  { title: 'ID', of: ({ id }) => textOf(id), isNumber: true },
  { title: 'CLASS', of: (item) => textOf(item['class']) },
  { title: 'NAME', of: ({ name }) => textOf(name) },
  { title: 'STATE', of: ({ state }) => (state === 'in_service' ? '' : textOf(state)) },
  { title: 'SITE', of: ({ site }) => textOf(site) },
  { title: 'RACK', of: ({ rack }) => textOf(rack) },
  { title: 'UNIT', of: ({ unit }) => textOf(unit), isNumber: true },
  { title: 'NODE', of: ({ node, name }) => (node === name ? '' : textOf(node)) },
  { title: 'TENANT', of: ({ tenants }) => textOf(tenants) },
  { title: 'SERIAL', of: ({ serial }) => textOf(serial) },
];

/** Items as the search gives them. A state is only told where it is not the usual one. */
export function itemTable(items: readonly Fields[], style: TextStyle): readonly string[] {
  return textTable(items, columns, style);
}
