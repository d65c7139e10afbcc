import * as common from '@grafana/grafana-foundation-sdk/common';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import type { HeatmapSpec, Panel } from '../panel.ts';
import { grafanaUnit } from '../units.ts';
import { bucketQuery } from './query.ts';

/** The buckets come from the histogram, so Grafana has nothing to calculate. */
export function heatmapPanel(panel: Panel<HeatmapSpec>): heatmap.PanelBuilder {
  return new heatmap.PanelBuilder()
    .targets(panel.queries.map(({ expr, legend }, index) => bucketQuery({ expr, index }, legend)))
    .calculate(false)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scale(heatmap.HeatmapColorScale.Exponential)
        .scheme('Oranges')
        .fill('dark-orange')
        .exponent(0.5)
        .steps(64)
        .reverse(false),
    )
    .cellGap(1)
    .cellValues(new heatmap.CellValuesBuilder().unit(grafanaUnit(panel.unit)))
    .yAxis(
      new heatmap.YAxisConfigBuilder().unit(grafanaUnit(panel.boundsUnit)).axisPlacement(common.AxisPlacement.Left),
    )
    .showLegend()
    .tooltip(new heatmap.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).yHistogram(true));
}
