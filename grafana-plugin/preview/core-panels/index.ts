import type { PanelPlugin } from '@grafana/data';
import { BarGaugePanel } from './BarGaugePanel';
import { corePanel } from './core-panel';
import { HeatmapPanel } from './HeatmapPanel';
import { StatPanel } from './StatPanel';
import { TablePanel } from './TablePanel';
import { TextPanel } from './TextPanel';
import { TimeSeriesPanel } from './TimeSeriesPanel';

/** Stand-ins for the panels that Grafana brings, which are on no registry. They show the same figures, plainer. */
export const corePanels: ReadonlyMap<string, PanelPlugin> = new Map([
  ['stat', corePanel('stat', StatPanel)],
  ['timeseries', corePanel('timeseries', TimeSeriesPanel)],
  ['bargauge', corePanel('bargauge', BarGaugePanel)],
  ['table', corePanel('table', TablePanel)],
  ['heatmap', corePanel('heatmap', HeatmapPanel)],
  ['text', corePanel('text', TextPanel)],
]);
