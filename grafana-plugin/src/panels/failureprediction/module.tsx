import { PanelPlugin } from '@grafana/data';
import type { Options } from './options';
import { Panel } from './Panel';

export const plugin = new PanelPlugin<Options>(Panel);
