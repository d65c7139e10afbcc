import { type DcgmField, type DcgmLabel, dcgmFields, dcgmLabels } from '../../exporters/gpu/names/dcgm-fields.ts';
import { type DcgmSet, dcgmSets } from '../../exporters/gpu/names/name-sets.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';

/** The page of docs/reference that tells every name of dcgm-exporter beside ours. */
export function generatedDcgmNames(): readonly (readonly [path: string, text: string])[] {
  return [['docs/reference/dcgm-names.md', page()]];
}

function page(): string {
  const shipped = dcgmFields.filter(({ defaultIn }) => defaultIn.length > 0);
  const others = dcgmFields.filter(({ defaultIn }) => defaultIn.length === 0);
  return `${generatedFrom('exporters/gpu/names/dcgm-fields.ts')}

# Names of dcgm-exporter

\`--metrics.names\` shows the name sets \`dcgm-4.8\` (dcgm-exporter up to 4.8) and \`dcgm-4.9\` (since 4.9), alone or beside the native one. The
guide [Migrate from dcgm-exporter](../guides/migrate-from-dcgm-exporter.md) tells what else is different.

The native expression gives the value of \`dcgm-4.8\` in its unit, and that of \`dcgm-4.9\` where there is a second one. Its labels \`gpu_id\` and
\`uuid\` are \`gpu\` and \`UUID\` in the other sets. Expressions are for whole GPUs; for MIG instances put \`gpu_mig_\` in the place of \`gpu_\`
where the series exists. An empty cell under a set: that set does not have the field. Names of 4.9 are those of the field header of DCGM,
which is what dcgm-exporter 4.9 goes by.

## Shown by default

${fieldTable(shipped)}

## Shown if a counters file names them

\`--dcgm.counters-file\` takes these and those above.

${fieldTable(others)}

## Labels

dcgm-exporter puts these fields on every series, as rows of the type \`label\` say. The first is there by default.

${labelTable()}
`;
}

function fieldTable(fields: readonly DcgmField[]): string {
  return table(
    ['dcgm-4.8', 'Unit', 'dcgm-4.9', 'Unit', 'Type', 'Native', 'Note'],
    fields.map((field) => [
      nameCell(field, 'dcgm-4.8'),
      unitCell(field, 'dcgm-4.8'),
      nameCell(field, 'dcgm-4.9'),
      unitCell(field, 'dcgm-4.9'),
      field.kind,
      nativeCell(field),
      [...onlyDefaultIn(field), field.note ?? ''].join(' ').trim(),
    ]),
  );
}

function nameCell({ names }: Pick<DcgmField, 'names'>, set: DcgmSet): string {
  const name = names[set];
  return name === undefined ? '' : `\`${name}\``;
}

function unitCell({ names, units }: DcgmField, set: DcgmSet): string {
  return names[set] === undefined ? '' : units[set].name;
}

function nativeCell({ names, units, native }: DcgmField): string {
  if (native === undefined) return '';
  const sets = dcgmSets.filter((set) => names[set] !== undefined);
  const expressions = sets.map((set) => `\`${units[set].promql(native.promql)}\``);
  return [...new Set(expressions)].join('; ');
}

/** Said where the sets are not alike. */
function onlyDefaultIn({ defaultIn }: DcgmField): readonly string[] {
  return defaultIn.length === 1 ? [`By default in \`${defaultIn[0]}\` only.`] : [];
}

function labelTable(): string {
  const row = (label: DcgmLabel): readonly string[] => [
    nameCell(label, 'dcgm-4.8'),
    nameCell(label, 'dcgm-4.9'),
    label.native,
  ];
  return table(['dcgm-4.8', 'dcgm-4.9', 'Native'], dcgmLabels.map(row));
}
