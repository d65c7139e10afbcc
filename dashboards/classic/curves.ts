import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, TimeseriesSpec } from '../panel.ts';
import { seriesLink } from './links.ts';
import { rangeQuery } from './query.ts';

export function timeseriesPanel(panel: Panel<TimeseriesSpec>): timeseries.PanelBuilder {
  const bars = panel.draw === 'bars';
  const builder = new timeseries.PanelBuilder()
    .targets(panel.queries.map(({ expr, legend }, index) => rangeQuery({ expr, index }, legend)))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .drawStyle(bars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(bars ? 80 : panel.stacked === true ? 40 : 10)
    .showPoints(common.VisibilityMode.Auto)
    .spanNulls(false)
    .stacking(
      new common.StackingConfigBuilder().mode(
        panel.stacked === true ? common.StackingMode.Normal : common.StackingMode.None,
      ),
    )
    .axisSoftMin(0)
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        panel.levels === undefined ? common.GraphThresholdsStyleMode.Off : common.GraphThresholdsStyleMode.Dashed,
      ),
    )
    .dataLinks(panel.leadsTo === undefined ? [] : [seriesLink(panel.leadsTo)]);
  return panel.max === undefined ? builder : builder.max(panel.max);
}
