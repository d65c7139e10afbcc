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
  const rows = fittingRows([titles, ...shown.map((tag) => rowOf(tag, style))], style);
  const lines = rows.map((row, at) => {
    const isQuiet = at === 0 || shown[at - 1]?.is === 'ignored';
    return painted(`  ${row.join('  ').trimEnd()}`, isQuiet ? 'dim' : 'plain', style);
  });
  return [...lines, ...further(tags.length - shown.length, tagsLeftOut, style), ...howToShow(tags, style)];
}

type Row = readonly [tag: string, becomes: string, value: string];

const titles: Row = ['Tag', 'becomes', 'last value'];
const gaps = 6;
const leastColumns = 16;

/** In columns; where they are too wide, series lose their labels first and then tags their middle. */
function fittingRows(rows: readonly Row[], { width, isUnicode }: TextStyle): readonly Row[] {
  const tag = widest(rows.map((row) => row[0]));
  const full = widest(rows.map((row) => row[1]));
  const value = widest(rows.map((row) => row[2]));
  const room = width - gaps - value;
  const isWide = tag + full <= room;
  const becomesOf = (text: string): string => (isWide ? text : text.replace(/\{.*\}$| \(.*\)$/, ''));
  const middle = Math.min(widest(rows.map((row) => becomesOf(row[1]))), room - leastColumns);
  const left = Math.min(tag, room - middle);
  return rows.map(
    (row): Row => [
      padded(fitted(row[0], left, isUnicode), left),
      padded(fitted(becomesOf(row[1]), middle, isUnicode), middle),
      ' '.repeat(Math.max(0, value - columnsOf(row[2]))) + row[2],
    ],
  );
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(columnsOf));
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
