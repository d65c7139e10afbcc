import { tagTables } from '../../exporters/training/schema/create-tag-map.ts';
import type { TagRow, TagTable } from '../../exporters/training/schema/tags/tag-table.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';

/** The page of docs/reference that tells what the tags of each framework become. */
export function generatedTrainingTags(): readonly (readonly [path: string, text: string])[] {
  return [['docs/reference/training-tags.md', page()]];
}

function page(): string {
  return `${generatedFrom('exporters/training/schema/tags/')}

# Tags of training frameworks

What the training exporter makes of the scalars of each framework, in the order in which they are looked up; rules of a mapping file go
before all of them ([guide](../guides/training-mapping.md)). \`*\` stands for any characters. \`ignore\` is for scalars that say nothing new or
would be misread. Where two frameworks write the same tag, it does not tell which of them writes.

${tagTables.map(section).join('\n\n')}
`;
}

function section({ framework, axis, tags }: TagTable): string {
  const note = axis === 'samples' ? '\n\nSteps of these count samples.' : '';
  const rows = Object.entries(tags).map(([tag, row]) => [`\`${tag}\``, meaning(row)]);
  return `## ${framework ?? 'Names of habit'}${note}\n\n${table(['Tag', 'Becomes'], rows)}`;
}

function meaning(row: string | TagRow): string {
  const { as, scale = 1 } = typeof row === 'string' ? { as: row } : row;
  return scale === 1 ? `\`${as}\`` : `\`${as}\` * ${scale}`;
}
