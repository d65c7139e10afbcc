import type { CurvePart } from '../read/curve.ts';
import type { PlotData } from '../report.ts';
import { type Canvas, createCanvas } from './canvas.ts';
import { formatCount, formatNumber } from './units.ts';

export interface PlotSettings {
  /** Columns for all of it, the axis included. */
  readonly width: number;
  readonly height: number;
  readonly isUnicode: boolean;
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly isLogarithmic: boolean;
}

/** What falls into one column. */
type Column = Omit<CurvePart, 'step' | 'values'>;

const mostColumns = 72;
/** Two orders of magnitude. */
const logarithmicFrom = 100;

/** A picture of the loss over steps; empty if there is nothing to be drawn. */
export function plot({ axis, loss, evalLoss }: PlotData, settings: PlotSettings): readonly string[] {
  const parts = [...loss, ...evalLoss];
  const scale = scaleOf(parts);
  if (scale === undefined) return [];
  const { height, isUnicode } = settings;
  const labels = yLabels(scale, height);
  const margin = Math.max(...labels.map((label) => label.length));
  const width = Math.max(10, Math.min(mostColumns, settings.width - margin - 2));
  const canvas = createCanvas({ width, height, isUnicode });
  const from = Math.min(...parts.map(({ step }) => step));
  const to = Math.max(...parts.map(({ step }) => step));
  const columnOf = (step: number): number =>
    to === from ? 0 : Math.round(((step - from) / (to - from)) * (canvas.dots.columns - 1));
  const lossColumns = columnsOf(loss, columnOf);
  const evalColumns = columnsOf(evalLoss, columnOf);
  drawCurve(canvas, lossColumns, scale);
  markCurve(canvas, evalColumns, scale, evalMark(isUnicode));
  const side = isUnicode ? '┤' : '|';
  const wall = isUnicode ? '│' : '|';
  return [
    legend(scale, settings, axis, { loss, evalLoss }),
    ...canvas.lines().map((line, row) => {
      const label = labels[row] ?? '';
      return `${label.padStart(margin)} ${label === '' ? wall : side}${line}`;
    }),
    `${' '.repeat(margin)} ${isUnicode ? '└' : '+'}${(isUnicode ? '─' : '-').repeat(width)}`,
    ...nanRow([...lossColumns, ...evalColumns], canvas, width, margin),
    xLabels({ from, to, width, margin }),
  ];
}

function evalMark(isUnicode: boolean): string {
  return isUnicode ? '◆' : 'o';
}

function legend(
  { isLogarithmic }: Scale,
  { isUnicode }: PlotSettings,
  axis: PlotData['axis'],
  { loss, evalLoss }: Pick<PlotData, 'loss' | 'evalLoss'>,
): string {
  const hasNan = [...loss, ...evalLoss].some(({ nonfinite }) => nonfinite > 0);
  const marks = [
    ...(loss.length > 0 ? [`${isUnicode ? '⠶' : '*'} training`] : []),
    ...(evalLoss.length > 0 ? [`${evalMark(isUnicode)} evaluation`] : []),
    ...(hasNan ? ['x NaN or infinite'] : []),
  ];
  const by = axis === 'step' ? 'by step' : 'by report, as no steps are told';
  return `Loss ${by}${isLogarithmic ? ', logarithmic' : ''}: ${marks.join('  ')}`;
}

/** Undefined without finite values. */
function scaleOf(parts: readonly CurvePart[]): Scale | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { min, max } of parts) {
    if (min !== undefined) low = Math.min(low, min);
    if (max !== undefined) high = Math.max(high, max);
  }
  if (low > high) return undefined;
  const isLogarithmic = low > 0 && high / low >= logarithmicFrom;
  if (low < high) return { low, high, isLogarithmic };
  const room = low === 0 ? 1 : Math.abs(low) * 0.1;
  return { low: low - room, high: high + room, isLogarithmic };
}

function valueAt({ low, high, isLogarithmic }: Scale, ratio: number): number {
  return isLogarithmic ? low * (high / low) ** ratio : low + (high - low) * ratio;
}

function ratioOf({ low, high, isLogarithmic }: Scale, value: number): number {
  // Halves, as the difference of two large numbers of opposite signs may be infinite.
  return isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value / 2 - low / 2) / (high / 2 - low / 2);
}

/** Labels of the rows at the top, in the middle and at the bottom; the others have none. */
function yLabels(scale: Scale, height: number): readonly string[] {
  const labelled = [0, Math.floor((height - 1) / 2), height - 1];
  return Array.from({ length: height }, (_, row) =>
    labelled.includes(row) ? threeFigures(valueAt(scale, 1 - row / (height - 1))) : '',
  );
}

function threeFigures(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2).replace('e+', 'e');
  return size >= 100 ? formatNumber(Math.round(value)) : value.toPrecision(3);
}

function columnsOf(parts: readonly CurvePart[], columnOf: (step: number) => number): ReadonlyMap<number, Column> {
  const columns = new Map<number, Column>();
  for (const part of parts) {
    const x = columnOf(part.step);
    const before = columns.get(x);
    columns.set(x, before === undefined ? part : joined(before, part));
  }
  return columns;
}

function joined(before: Column, part: Column): Column {
  return {
    min: Math.min(before.min ?? Number.POSITIVE_INFINITY, part.min ?? before.min ?? 0),
    max: Math.max(before.max ?? Number.NEGATIVE_INFINITY, part.max ?? before.max ?? 0),
    first: before.first ?? part.first,
    last: part.last ?? before.last,
    nonfinite: before.nonfinite + part.nonfinite,
  };
}

/** Each column from its smallest to its largest value, and a line to the next one, except past values that are not finite. */
function drawCurve(canvas: Canvas, columns: ReadonlyMap<number, Column>, scale: Scale): void {
  const rowOf = rowsOf(canvas, scale);
  let before: { readonly x: number; readonly last: number } | undefined;
  for (const [x, { min, max, first, last, nonfinite }] of columns) {
    if (min === undefined || max === undefined || first === undefined || last === undefined) {
      before = undefined;
      continue;
    }
    canvas.column(x, rowOf(max), rowOf(min));
    if (before !== undefined && x > before.x + 1) canvas.line(before.x, rowOf(before.last), x, rowOf(first));
    before = nonfinite > 0 ? undefined : { x, last };
  }
}

function markCurve(canvas: Canvas, columns: ReadonlyMap<number, Column>, scale: Scale, mark: string): void {
  const rowOf = rowsOf(canvas, scale);
  for (const [x, { min, max }] of columns) {
    for (const value of [min, max]) if (value !== undefined) canvas.mark(x, rowOf(value), mark);
  }
}

function rowsOf({ dots }: Canvas, scale: Scale): (value: number) => number {
  return (value) => Math.round((1 - Math.min(1, Math.max(0, ratioOf(scale, value)))) * (dots.rows - 1));
}

/** One more row with a mark below every column that has values which are not finite. */
function nanRow(
  columns: readonly (readonly [number, Column])[],
  { dots }: Canvas,
  width: number,
  margin: number,
): readonly string[] {
  const marked = new Set(
    columns.filter(([, { nonfinite }]) => nonfinite > 0).map(([x]) => Math.floor((x * width) / dots.columns)),
  );
  if (marked.size === 0) return [];
  const row = Array.from({ length: width }, (_, at) => (marked.has(at) ? 'x' : ' ')).join('');
  return [`${'NaN'.padStart(margin)}  ${row.trimEnd()}`];
}

interface XAxis {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly margin: number;
}

function xLabels({ from, to, width, margin }: XAxis): string {
  const indent = ' '.repeat(margin + 2);
  const first = formatCount(from);
  const last = formatCount(to);
  if (to === from) return `${indent}${first}`;
  const middle = formatCount((from + to) / 2);
  const room = width - first.length - last.length;
  if (room < middle.length + 4) return `${indent}${first}${' '.repeat(Math.max(1, room))}${last}`;
  const left = Math.floor(width / 2 - first.length - middle.length / 2);
  const right = width - first.length - left - middle.length - last.length;
  if (left < 1 || right < 1) return `${indent}${first}${' '.repeat(room)}${last}`;
  return `${indent}${first}${' '.repeat(left)}${middle}${' '.repeat(right)}${last}`;
}
