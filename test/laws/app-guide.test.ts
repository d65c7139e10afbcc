import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { root } from './documents.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const plugin: Plugin = JSON.parse(read('grafana-plugin/src/plugin.json'));
const guide = read('docs/guides/grafana.md');

interface Plugin {
  readonly id: string;
  readonly includes: readonly { readonly type: string; readonly path?: string }[];
  readonly routes: readonly { readonly path: string; readonly method: string; readonly reqRole: string }[];
}

test('the guide has each route with its method and role', () => {
  const told = [...guide.matchAll(/^\| `\/(\S+)` \| (\w+) \| (\w+) \|/gm)].map(([, ...cells]) => cells);
  const routes = plugin.routes.map(({ path, method, reqRole }) => [path, method, reqRole]);
  expect(told.sort()).toEqual(routes.sort());
});

test('the file of provisioning has each setting that a route uses, and no other', () => {
  const text = read('grafana-plugin/provisioning/plugins/fleetlens.yaml');
  const [app] = (load(text) as { apps: Record<string, Record<string, string>>[] }).apps;
  const used = (kind: string) =>
    [...JSON.stringify(plugin.routes).matchAll(new RegExp(`\\.${kind}\\.(\\w+)`, 'g'))].map(([, name]) => name);
  expect(Object.keys(app?.['jsonData'] ?? {}).sort()).toEqual([...new Set(used('JsonData'))].sort());
  expect(Object.keys(app?.['secureJsonData'] ?? {}).sort()).toEqual([...new Set(used('SecureJsonData'))].sort());
  expect(Object.values(app?.['secureJsonData'] ?? {}).every((value) => /^\$[A-Z_]+$/.test(value))).toBe(true);
});

test('whoever loads the app unsigned is told to name all of its plugins', () => {
  const panels = plugin.includes.filter(({ type }) => type === 'panel').map(({ path = '' }) => path);
  const ids = [plugin.id, ...panels.map((path) => JSON.parse(read(`grafana-plugin/src/${path}`)).id)].join(',');
  expect(guide).toContain(`allow_loading_unsigned_plugins = ${ids}`);
  expect(read('grafana-plugin/docker-compose.yaml')).toContain(`GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: ${ids}`);
});
