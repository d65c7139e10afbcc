import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../kit/package-root.ts';

/** A route of the app's plugin.json: what Grafana's proxy forwards, for whom, and with which headers. */
export interface ProxyRoute {
  /** `cmdb/*`: the star stands for the rest, which is appended to `url`. */
  readonly path: string;
  readonly method?: string;
  readonly reqRole?: string;
  readonly url: string;
  readonly headers?: readonly { readonly name: string; readonly content: string }[];
}

export interface BuiltApp {
  readonly id: string;
  readonly folder: string;
  readonly routes: readonly ProxyRoute[];
  /** Folder of each plugin in it by its id, the app's own included. */
  readonly plugins: ReadonlyMap<string, string>;
}

interface PluginJson {
  readonly id: string;
  readonly includes?: readonly { readonly type: string; readonly path?: string }[];
  readonly routes?: readonly ProxyRoute[];
}

export const appFolder = join(packageRoot, 'grafana-plugin', 'dist');
export const hostFolder = join(packageRoot, 'grafana-plugin', 'dist-preview', 'g13');

/** Undefined where the app is not built. */
export function readBuiltApp(folder: string): BuiltApp | undefined {
  const file = join(folder, 'plugin.json');
  if (!existsSync(file)) return undefined;
  const { id, includes = [], routes = [] } = readPluginJson(file);
  const plugins = new Map([[id, folder]]);
  for (const { type, path } of includes) {
    if (type === 'page' || path === undefined || !path.endsWith('/plugin.json')) continue;
    const nested = join(folder, dirname(path));
    plugins.set(readPluginJson(join(folder, path)).id, nested);
  }
  return { id, folder, routes, plugins };
}

function readPluginJson(file: string): PluginJson {
  return JSON.parse(readFileSync(file, 'utf8'));
}
