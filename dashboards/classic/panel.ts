import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { PlacedPanel } from '../grid.ts';
import type { Panel } from '../panel.ts';
import { panelId } from '../panel-id.ts';
import { grafanaUnit } from '../units.ts';
import { plain, thresholds } from './colours.ts';
import { timeseriesPanel } from './curves.ts';
import { datasource } from './datasource.ts';
import { barsPanel, statPanel } from './figures.ts';
import { heatmapPanel } from './heatmap.ts';
import { type DrillDown, tablePanel } from './table.ts';

/** What the SDK's builders of all kinds of panel share. */
interface AnyBuilder {
  build(): dashboard.Panel;
  id(id: number): AnyBuilder;
  title(title: string): AnyBuilder;
  description(description: string): AnyBuilder;
  datasource(source: { type: string; uid: string }): AnyBuilder;
  gridPos(position: dashboard.GridPos): AnyBuilder;
  unit(unit: string): AnyBuilder;
  decimals(decimals: number): AnyBuilder;
  noValue(text: string): AnyBuilder;
  thresholds(levels: { build(): dashboard.ThresholdsConfig }): AnyBuilder;
}

export function classicPanel({ panel, at }: PlacedPanel, drillDown: DrillDown): { build(): dashboard.Panel } {
  const levels = thresholds(panel.levels ?? plain);
  let builder = visual(panel, drillDown)
    .id(panelId(panel.key))
    .title(panel.title)
    .description(panel.description)
    .datasource(datasource)
    .gridPos(at)
    .unit(grafanaUnit(panel.unit))
    .thresholds({ build: () => levels });
  if (panel.decimals !== undefined) builder = builder.decimals(panel.decimals);
  if (panel.noValue !== undefined) builder = builder.noValue(panel.noValue);
  return builder;
}

function visual(panel: Panel, drillDown: DrillDown): AnyBuilder {
  switch (panel.visual) {
    case 'stat':
      return statPanel(panel);
    case 'bars':
      return barsPanel(panel);
    case 'timeseries':
      return timeseriesPanel(panel);
    case 'heatmap':
      return heatmapPanel(panel);
    case 'table':
      return tablePanel(panel, drillDown);
  }
}
