import * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { appPages } from '../app-pages.ts';
import type { Column, Panel, TableSpec } from '../panel.ts';
import { grafanaUnit } from '../units.ts';
import { thresholds } from './colours.ts';
import { boardUrl } from './links.ts';
import { refId, tableQuery } from './query.ts';

/** Where a table's line leads to unless it says so itself: the same board, narrowed to what the line shows. */
export interface DrillDown {
  readonly uid: string;
  /** Names of the variables that are also labels or headings of a table. */
  readonly variables: readonly { readonly name: string; readonly label: string }[];
}

export function tablePanel(panel: Panel<TableSpec>, drillDown: DrillDown): table.PanelBuilder {
  const builder = new table.PanelBuilder()
    .targets(panel.columns.map(({ expr }, index) => tableQuery({ expr, index })))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organize(panel) })
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm)
    .footer(new common.TableFooterOptionsBuilder().show(false).enablePagination(true))
    .filterable(true)
    .overrides([emptyCells, ...panel.columns.map(columnOverride), ...linkOverrides(panel, drillDown)]);
  if (panel.sortBy === undefined) return builder;
  const [heading, first] = panel.sortBy;
  return builder.sortBy([new common.TableSortByFieldStateBuilder().displayName(heading).desc(first === 'largest')]);
}

interface Organize {
  readonly excludeByName: Readonly<Record<string, boolean>>;
  readonly indexByName: Readonly<Record<string, number>>;
  readonly renameByName: Readonly<Record<string, string>>;
}

function organize({ keys, columns }: Panel<TableSpec>): Organize {
  // Grafana calls the value column "Value" when one query only has an answer, and "Value #A" when several have one.
  const values = columns.map(({ heading }, index) => [`Value #${refId(index)}`, heading] as const);
  const names = [...keys, ['Value', columns[0].heading] as const, ...values];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(names.map(([name], index) => [name, index])),
    renameByName: Object.fromEntries(names),
  };
}

interface Override {
  readonly matcher: dashboard.MatcherConfig;
  readonly properties: dashboard.DynamicConfigValue[];
}

/** What stands in an empty panel would otherwise also stand in each empty cell. */
const emptyCells: Override = {
  matcher: { id: 'byRegexp', options: '/.*/' },
  properties: [{ id: 'noValue', value: '–' }],
};

function columnOverride(column: Column): Override {
  const { unit, decimals, levels } = column;
  return {
    matcher: { id: 'byName', options: column.heading },
    properties: [
      { id: 'unit', value: grafanaUnit(unit) },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(levels === undefined ? [] : coloured(levels)),
    ],
  };
}

function coloured(levels: NonNullable<Column['levels']>): dashboard.DynamicConfigValue[] {
  return [
    { id: 'thresholds', value: thresholds(levels) },
    { id: 'custom.cellOptions', value: { type: common.TableCellDisplayMode.ColorText } },
  ];
}

interface DataLink {
  readonly title: string;
  readonly url: string;
}

function field(heading: string): string {
  return `\${__data.fields["${heading}"]:percentencode}`;
}

function linkOverrides(panel: Panel<TableSpec>, own: DrillDown): Override[] {
  return panel.keys.flatMap(([label, heading]) => {
    const links = [...boardLink(panel, own, heading), ...pageLinks(label, heading)];
    return links.length === 0
      ? []
      : [{ matcher: { id: 'byName', options: heading }, properties: [{ id: 'links', value: links }] }];
  });
}

/** The last key that is also a variable carries the link, since it is the narrowest. */
function boardLink({ keys, leadsTo }: Panel<TableSpec>, own: DrillDown, carrier: string): DataLink[] {
  const { uid, variables } = leadsTo ?? own;
  const narrowed = variables.flatMap(({ name, label }) => {
    const key = keys.find(([column]) => column === label);
    return key === undefined ? [] : [{ name, heading: key[1] }];
  });
  if (narrowed.at(-1)?.heading !== carrier) return [];
  const title =
    leadsTo === undefined ? 'Narrow the board to this line' : `Open the board ${leadsTo.title} for this line`;
  return [
    {
      title,
      url: boardUrl(
        uid,
        narrowed.map(({ name, heading }) => [name, field(heading)] as const),
      ),
    },
  ];
}

/** What the FleetLens app knows of a machine or a GPU, wherever one is named. */
function pageLinks(label: string, heading: string): DataLink[] {
  const inventory = { title: 'Look it up in the inventory', url: appPages.inventory + field(heading) };
  if (label === 'node') return [inventory];
  return label === 'uuid' ? [inventory, { title: 'See its failure risk', url: appPages.risk + field(heading) }] : [];
}
