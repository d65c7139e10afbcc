import type { AppPlugin, PanelPlugin, PanelPluginMeta, PluginMeta } from '@grafana/data';
import { corePanels } from './core-panels';

/** The entry point of a plugin's build, as Grafana would load it. */
async function loadModule(id: string): Promise<unknown> {
  let module: Record<string, unknown> = await window.System.import(
    new URL(`public/plugins/${id}/module.js`, document.baseURI).href,
  );
  while (module.plugin === undefined && module.default instanceof Promise) module = await module.default;
  if (module.plugin === undefined) throw new Error(`the module of ${id} exports no plugin`);
  return module.plugin;
}

export async function loadApp(id: string): Promise<AppPlugin> {
  const [plugin, meta] = await Promise.all([loadModule(id) as Promise<AppPlugin>, metaOf(id)]);
  plugin.meta = { ...meta, enabled: true, pinned: true, jsonData: await settingsOf(id), secureJsonFields: {} };
  plugin.init(plugin.meta);
  return plugin;
}

const panels = new Map<string, Promise<PanelPlugin>>();

/** One of our panels, or what stands in for one of Grafana's. */
export function loadPanel(id: string): Promise<PanelPlugin> {
  const core = corePanels.get(id);
  if (core !== undefined) return Promise.resolve(core);
  const known = panels.get(id);
  if (known !== undefined) return known;
  const loading = Promise.all([loadModule(id) as Promise<PanelPlugin>, metaOf(id)]).then(([plugin, meta]) => {
    plugin.meta = { ...meta, sort: 0 } as PanelPluginMeta;
    return plugin;
  });
  panels.set(id, loading);
  return loading;
}

async function metaOf(id: string): Promise<PluginMeta> {
  const url = `public/plugins/${id}`;
  const meta: PluginMeta = await (await fetch(`${url}/plugin.json`)).json();
  const { logos } = meta.info;
  const absolute = { small: `${url}/${logos.small}`, large: `${url}/${logos.large}` };
  return { ...meta, info: { ...meta.info, logos: absolute }, module: `${url}/module.js`, baseUrl: url };
}

async function settingsOf(id: string): Promise<Record<string, unknown>> {
  const response = await fetch(`api/plugins/${id}/settings`);
  return response.ok ? (await response.json()).jsonData : {};
}
