import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { type Board, introductionOf } from '../board.ts';
import { type PlacedRow, placeRows } from '../grid.ts';
import { panelId } from '../panel-id.ts';
import { boardLinks } from './links.ts';
import { classicPanel } from './panel.ts';
import type { DrillDown } from './table.ts';
import { datasourceVariable, queryVariable } from './variables.ts';

/** Grafana's classic model: the one that every supported version imports from an app. */
export function classicBoard(board: Board, revision: number): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(board.title)
    .id(null)
    .uid(board.uid)
    .description(introductionOf(board))
    .revision(revision)
    .tags([...board.tags])
    .readonly()
    .timezone('browser')
    .time({ from: board.from, to: 'now' })
    .refresh('1m')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .annotations([])
    .links(boardLinks(board))
    .variables([datasourceVariable(), ...board.variables.map(queryVariable)]);
  const drillDown = {
    uid: board.uid,
    variables: board.variables.map(({ name, values }) => ({ name, label: values.label })),
  };
  for (const placed of placeRows(board.rows)) addRow(builder, placed, drillDown);
  return builder.build();
}

function addRow(builder: dashboard.DashboardBuilder, placed: PlacedRow, drillDown: DrillDown): void {
  const { row, at, panels } = placed;
  const collapsed = row.collapsed === true;
  const heading = new dashboard.RowBuilder(row.title)
    .id(panelId(`row/${row.title}`))
    .collapsed(collapsed)
    .gridPos(at);
  if (collapsed) for (const panel of panels) heading.withPanel(classicPanel(panel, drillDown));
  builder.withRow(heading);
  if (!collapsed) for (const panel of panels) builder.withPanel(classicPanel(panel, drillDown));
}
