import type { Panel } from '../../../dashboards/panel.ts';
import type { Expr } from '../../../metrics/promql.ts';

/** The expression of one column of a table panel, so that page and board ask the same. Throws if there is none. */
export function columnOf(panel: Panel, heading: string): Expr {
  const column = panel.visual === 'table' ? panel.columns.find((each) => each.heading === heading) : undefined;
  if (column === undefined) throw new Error(`the panel ${panel.key} has no column ${heading}`);
  return column.expr;
}
