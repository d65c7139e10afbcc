import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../api-client/fields.ts';
import { textTable } from '../api-client/text-table.ts';
import { counted } from '../doctor/counted.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';
import { impactOptions } from './options.ts';
import { resolveItem } from './resolve-item.ts';
import { runInventoryCommand } from './run-inventory-command.ts';

/** Runs `fleetlens cmdb impact`. */
export function impact(argv: readonly string[]): Promise<number> {
  return runInventoryCommand(
    impactOptions,
    argv,
    async ({ options, words, client, style }) => {
      const { at, limit } = options;
      const id = await resolveItem(words, at, client);
      // The item itself is listed, too.
      const json = await client.get(`/api/v1/items/${id}/impact`, { at, limit: Math.min(limit + 1, 10_000) });
      return { json, lines: impactText(fieldsOf(json), style) };
    },
    (options) => options,
  );
}

function impactText(impact: Fields, style: TextStyle): readonly string[] {
  const [failed] = listOf(impact['failed']);
  const name = safe(`${textOf(failed?.['class'])} ${textOf(failed?.['name'])}`, style);
  const others = numberOf(impact['down']) - 1;
  const degraded = numberOf(impact['degraded']);
  if (others + degraded <= 0) return [`If ${name} fails, nothing else breaks.`];
  const affected = listOf(impact['affected']).filter(({ distance }) => numberOf(distance) > 0);
  const rest = others + degraded - affected.length;
  return [
    painted(
      `If ${name} fails, ${counted(others, 'other item')} would be down and ${degraded} degraded.`,
      'bold',
      style,
    ),
    '',
    ...textTable(
      listOf(impact['classes']),
      [
        { title: 'CLASS', of: (row) => textOf(row['class']) },
        { title: 'DOWN', of: ({ down }) => textOf(down), isNumber: true },
        { title: 'DEGRADED', of: (row) => textOf(row['degraded']), isNumber: true },
      ],
      style,
    ),
    ...tenantLines(listOf(impact['tenants']), style),
    '',
    ...textTable(
      affected,
      [
        { title: 'ID', of: ({ id }) => textOf(id), isNumber: true },
        { title: 'CLASS', of: (row) => textOf(row['class']) },
        { title: 'NAME', of: (row) => textOf(row['name']) },
        { title: 'IMPACT', of: (row) => textOf(row['impact']) },
        { title: 'BECAUSE OF', of: ({ path }) => becauseOf(listOf(path)) },
      ],
      style,
    ),
    ...(rest > 0 ? [painted(`and ${rest} more; a larger --limit shows them`, 'dim', style)] : []),
  ];
}

function tenantLines(tenants: readonly Fields[], style: TextStyle): readonly string[] {
  if (tenants.length === 0) return [];
  const hit = (row: Fields, key: string): string => {
    const { down, degraded } = fieldsOf(row[key]);
    const parts = [
      numberOf(down) > 0 ? `${numberOf(down)} down` : '',
      numberOf(degraded) > 0 ? `${numberOf(degraded)} degraded` : '',
    ];
    return parts.filter((part) => part !== '').join(', ');
  };
  return [
    '',
    ...textTable(
      tenants,
      [
        { title: 'TENANT', of: ({ tenant }) => textOf(fieldsOf(tenant)['name']) || '(nobody)' },
        { title: 'SERVERS', of: (row) => hit(row, 'servers') },
        { title: 'GPUS', of: (row) => hit(row, 'gpus') },
        { title: 'APPLICATIONS', of: (row) => hit(row, 'applications') },
      ],
      style,
    ),
  ];
}

/** The step before, and what is lost with it. */
function becauseOf(path: readonly Fields[]): string {
  const before = path.at(-2);
  const loss = fieldsOf(path.at(-1)?.['because']);
  if (before === undefined) return '';
  const group = textOf(loss['group']);
  const size = numberOf(loss['size']);
  const share = size > 1 ? `, ${textOf(loss['lost'])} of ${size}` : '';
  return `${textOf(before['name'])}${group === '' ? '' : ` (${group}${share})`}`;
}
