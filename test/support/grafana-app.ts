import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProxyRoute } from '../../cli/preview/app-files.ts';

export const pluginFolder = join(import.meta.dirname, '..', '..', 'grafana-plugin');

/** A plugin.json of the app or of a panel in it, as far as tests look at it. */
export interface PluginSource {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly languages?: readonly string[];
  readonly info: {
    readonly description: string;
    readonly keywords: readonly string[];
    readonly author: { readonly name: string };
    readonly logos: { readonly small: string; readonly large: string };
    readonly screenshots: readonly { readonly name: string; readonly path: string }[];
    readonly version: string;
    readonly updated: string;
  };
  readonly includes?: readonly PluginInclude[];
  readonly routes: readonly ProxyRoute[];
  readonly dependencies: { readonly grafanaDependency: string };
}

export interface PluginInclude {
  readonly type: 'page' | 'dashboard' | 'panel';
  readonly name: string;
  readonly path: string;
  readonly role?: string;
  readonly addToNav?: boolean;
  readonly defaultNav?: boolean;
}

export function readPluginSource(path = 'plugin.json'): PluginSource {
  return JSON.parse(readFileSync(join(pluginFolder, 'src', path), 'utf8'));
}

export const pluginSource: PluginSource = readPluginSource();
