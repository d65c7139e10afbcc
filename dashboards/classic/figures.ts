import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import type { BarsSpec, Panel, StatSpec } from '../panel.ts';
import { seriesLink } from './links.ts';
import { instantQuery } from './query.ts';

export function statPanel(panel: Panel<StatSpec>): stat.PanelBuilder {
  const severalFigures = panel.queries.length > 1 || panel.queries[0].legend.includes('{{');
  return new stat.PanelBuilder()
    .targets(panel.queries.map(({ expr, legend }, index) => instantQuery({ expr, index }, legend)))
    .reduceOptions(lastValue())
    .colorMode(panel.levels === undefined ? common.BigValueColorMode.None : common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(severalFigures ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .orientation(common.VizOrientation.Auto);
}

export function barsPanel(panel: Panel<BarsSpec>): bargauge.PanelBuilder {
  const builder = new bargauge.PanelBuilder()
    .targets(panel.queries.map(({ expr, legend }, index) => instantQuery({ expr, index }, legend)))
    .reduceOptions(lastValue())
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Color)
    .namePlacement(common.BarGaugeNamePlacement.Left)
    .orientation(common.VizOrientation.Horizontal)
    .showUnfilled(false)
    // Left to itself Grafana lets the text of two bars grow until the names are cut off.
    .sizing(common.BarGaugeSizing.Manual)
    .minVizHeight(14)
    .maxVizHeight(26)
    .text(new common.VizTextDisplayOptionsBuilder().titleSize(12).valueSize(14))
    .colorScheme(barColour(panel))
    .min(0)
    .dataLinks(panel.leadsTo === undefined ? [] : [seriesLink(panel.leadsTo)]);
  return panel.max === undefined ? builder : builder.max(panel.max);
}

function barColour({ levels }: Panel<BarsSpec>): dashboard.FieldColorBuilder {
  const colour = new dashboard.FieldColorBuilder();
  return levels === undefined
    ? colour.mode(dashboard.FieldColorModeId.Fixed).fixedColor('blue')
    : colour.mode(dashboard.FieldColorModeId.Thresholds);
}

function lastValue(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false);
}
