import {
  FieldColorModeId,
  FieldConfigProperty,
  PanelPlugin,
  type PanelPluginMeta,
  type PanelProps,
  PluginType,
} from '@grafana/data';
import type { ComponentType } from 'react';

export function corePanel<O>(id: string, component: ComponentType<PanelProps<O>>): PanelPlugin {
  const plugin = new PanelPlugin<O>(component);
  const mode = id === 'timeseries' ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds;
  // biome-ignore lint/correctness/useHookAtTopLevel: a method of Grafana's, not a hook
  plugin.useFieldConfig({ standardOptions: { [FieldConfigProperty.Color]: { defaultValue: { mode } } } });
  plugin.meta = metaOf(id);
  return plugin as unknown as PanelPlugin;
}

function metaOf(id: string): PanelPluginMeta {
  const info = {
    author: { name: '' },
    description: '',
    links: [],
    logos: { small: '', large: '' },
    screenshots: [],
    updated: '',
    version: '',
  };
  return { id, name: id, type: PluginType.panel, module: '', baseUrl: '', sort: 0, info };
}
