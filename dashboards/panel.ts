import type { Metric } from '../metrics/define.ts';
import type { LabelName } from '../metrics/labels.ts';
import type { Expr } from '../metrics/promql.ts';
import { titleOf } from './title.ts';
import type { PanelUnit } from './units.ts';

/** What a value means to the reader; each way of drawing chooses its colours. */
export type Level = 'neutral' | 'ok' | 'notice' | 'warning' | 'critical';

/** Levels by value: `base` below the first step, then each step from its value upwards. */
export interface Levels {
  readonly base: Level;
  readonly steps: readonly (readonly [from: number, level: Level])[];
}

export interface Query {
  readonly expr: Expr;
  /** Grafana's legend format: plain text and `{{label}}`. */
  readonly legend: string;
}

export type BoardUid = `fleetlens-${string}`;

/** What a panel may override; the rest comes from the metric that it is about. */
interface Text {
  /** The metric that the panel is about: it gives title, description and unit. */
  readonly metric: Metric;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: PanelUnit;
  /** What stands there when the query finds nothing. */
  readonly noValue?: string;
  readonly levels?: Levels;
  readonly decimals?: number;
}

export interface StatSpec extends Text {
  readonly visual: 'stat';
  readonly queries: readonly [Query, ...Query[]];
}

export interface TimeseriesSpec extends Text {
  readonly visual: 'timeseries';
  readonly queries: readonly [Query, ...Query[]];
  readonly draw?: 'lines' | 'bars';
  readonly stacked?: boolean;
  readonly max?: number;
  readonly leadsTo?: BoardLink;
}

/** How many fell between two bounds of a histogram, over time: one series for each bound, in the label `le`. */
export interface HeatmapSpec extends Text {
  readonly visual: 'heatmap';
  readonly queries: readonly [Query];
  /** Unit of the bounds; what is counted has the unit of the panel. */
  readonly boundsUnit: PanelUnit;
}

/** One horizontal bar for each series, longest first: for top lists. */
export interface BarsSpec extends Text {
  readonly visual: 'bars';
  readonly queries: readonly [Query, ...Query[]];
  readonly max?: number;
  readonly leadsTo?: BoardLink;
}

export interface Column {
  readonly heading: string;
  readonly expr: Expr;
  readonly unit: PanelUnit;
  readonly decimals?: number;
  readonly levels?: Levels;
}

/** Another board that lines, bars or curves lead to, set to their labels. */
export interface BoardLink {
  readonly uid: BoardUid;
  readonly title: string;
  /** Variables of that board, from wide to narrow; the last one that is a key of a table carries the link. */
  readonly variables: readonly { readonly name: string; readonly label: LabelName }[];
}

/** One line for each set of labels; every query adds a column. */
export interface TableSpec extends Text {
  readonly visual: 'table';
  /** Label columns in order, with their headings. */
  readonly keys: readonly (readonly [label: LabelName, heading: string])[];
  readonly columns: readonly [Column, ...Column[]];
  /** Heading of the column that orders the lines, and what comes first. */
  readonly sortBy?: readonly [heading: string, first: 'largest' | 'smallest'];
  /** Without it a line narrows the board that the table is on. */
  readonly leadsTo?: BoardLink;
}

export type PanelSpec = StatSpec | TimeseriesSpec | HeatmapSpec | BarsSpec | TableSpec;

/** A panel that boards and pages draw: nothing is left to be looked up. */
export type Panel<S extends PanelSpec = PanelSpec> = S extends PanelSpec
  ? Omit<S, 'metric' | 'title' | 'description' | 'unit'> & {
      /** Unique over all panels, and the same for ever: ids in links hang off it. */
      readonly key: string;
      readonly title: string;
      readonly description: string;
      readonly unit: PanelUnit;
    }
  : never;

/** Gives each panel its key (`<group>/<name>`) and what it takes from its metric. */
export function definePanels<const S extends Readonly<Record<string, PanelSpec>>>(
  group: string,
  specs: S,
): { readonly [K in keyof S]: Panel } {
  const panels = Object.entries(specs).map(([name, spec]) => [name, complete(`${group}/${name}`, spec)] as const);
  return Object.freeze(Object.fromEntries(panels)) as { readonly [K in keyof S]: Panel };
}

function complete(key: string, spec: PanelSpec): Panel {
  const { metric, ...rest } = spec;
  return Object.freeze({
    ...rest,
    key,
    title: spec.title ?? titleOf(metric),
    description: spec.description ?? metric.help,
    unit: spec.unit ?? metric.unit,
  });
}

/** Every expression of a panel, in order. */
export function expressions(panel: Panel): readonly Expr[] {
  const sources = panel.visual === 'table' ? panel.columns : panel.queries;
  return sources.map((source) => source.expr);
}
