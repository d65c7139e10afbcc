import { wrap } from '../../../kit/wrap.ts';
import type { RunReport, TagReport } from '../report.ts';
import { columnsOf, fitted, padded } from './safe-text.ts';
import { painted, safe, type TextStyle } from './style.ts';
import { formatCount, formatValue } from './units.ts';

const shownTags = 40;
/** Tags that are named as an example of what to write. */
const exampleTags = 5;

/** Which tag becomes which series. */
export function tagTable(
  { tags, tagsLeftOut }: Pick<RunReport, 'tags' | 'tagsLeftOut'>,
  style: TextStyle,
): readonly string[] {
  if (tags.length === 0) return ['  No tags or values were found.'];
  const shown = tags.slice(0, shownTags);
  const rows = shown.map((tag) => rowOf(tag, style));
  const left = Math.min(Math.max(...rows.map(([name]) => columnsOf(name))), Math.floor((style.width - 6) * 0.42));
  const right = Math.max(...rows.map(([, , value]) => columnsOf(value)));
  const middle = style.width - 6 - left - right;
  const lines = rows.map(([name, becomes, value], at) => {
    const text = [
      padded(fitted(name, left, style.isUnicode), left),
      padded(fitted(becomes, middle, style.isUnicode), Math.min(middle, widest(rows))),
      value.padStart(right),
    ].join('  ');
    return painted(`  ${text.trimEnd()}`, shown[at]?.is === 'ignored' ? 'dim' : 'plain', style);
  });
  const header = ['Tag', 'becomes', 'last value'] as const;
  return [
    `  ${painted(`${padded(header[0], left)}  ${padded(header[1], Math.min(middle, widest(rows)))}  ${header[2].padStart(right)}`, 'dim', style)}`,
    ...lines,
    ...further(tags.length - shown.length, tagsLeftOut, style),
    ...howToShow(tags, style),
  ];
}

type Row = readonly [name: string, becomes: string, value: string];

function widest(rows: readonly Row[]): number {
  return Math.max(...rows.map(([, becomes]) => columnsOf(becomes)));
}

function rowOf({ tag, source, is, metric, reason, last, unit }: TagReport, style: TextStyle): Row {
  const name = tag === undefined ? placeOf(source) : safe(tag, style);
  const value = last === undefined ? '' : formatValue(last, unit);
  if (is === 'metric') return [name, metric ?? '', value];
  if (is === 'scalar') return [name, `${metric}{tag=…}`.replace('…', style.isUnicode ? '…' : '..'), value];
  if (is === 'unknown') return [name, 'not in the schema', value];
  return [name, `ignored: ${reason}`, value];
}

function placeOf(source: string | undefined): string {
  return source === 'trainer_state' ? '(in trainer_state.json)' : '(in the line of the log)';
}

function further(more: number, leftOut: number, style: TextStyle): readonly string[] {
  return [
    ...(more > 0
      ? wrap(`and ${formatCount(more)} further tags; --json tells all`, { indent: '  ', width: style.width })
      : []),
    ...(leftOut > 0 ? wrap(`and more tags than can be remembered`, { indent: '  ', width: style.width }) : []),
  ];
}

function howToShow(tags: readonly TagReport[], style: TextStyle): readonly string[] {
  const names = tags.flatMap(({ tag, is }) => (is === 'unknown' && tag !== undefined ? [tag] : []));
  if (names.length === 0) return [];
  const list = names.slice(0, exampleTags).map((name) => safe(JSON.stringify(name), style));
  return [
    ...wrap('To show what is not in the schema, write this into a file and name it with --mapping.file:', {
      indent: '  ',
      width: style.width,
    }),
    `    scalars: [${list.join(', ')}]`,
  ];
}
