import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PluginSource, pluginFolder, pluginSource, readPluginSource } from '../support/grafana-app.ts';

/** What Grafana's schema and the validator of its catalogue ask of plugin.json and of what lies beside it. */
const source = join(pluginFolder, 'src');
const includes = pluginSource.includes ?? [];
const nested = includes.filter(({ type }) => type === 'panel');
const plugins: readonly { readonly path: string; readonly plugin: PluginSource }[] = [
  { path: 'plugin.json', plugin: pluginSource },
  ...nested.map(({ path }) => ({ path, plugin: readPluginSource(path) })),
];
const generated = readdirSync(join(pluginFolder, '..', 'dashboards', 'generated')).filter((name) =>
  name.endsWith('.json'),
);

describe.each(plugins)('$path', ({ path, plugin }) => {
  test('has an id of at most three words that ends in its type', () => {
    expect(plugin.id).toMatch(new RegExp(`^[0-9a-z]+-([0-9a-z]+-)?${plugin.type}$`));
  });

  test('tells who, what, which version and for which Grafana', () => {
    expect(plugin.name).not.toBe(plugin.id);
    expect(plugin.info.description.length).toBeGreaterThan(20);
    expect(plugin.info.author.name).toBe('FleetLens');
    expect(plugin.info.version).toBe('%VERSION%');
    expect(plugin.info.updated).toBe('%TODAY%');
    expect(plugin.dependencies.grafanaDependency).toBe('>=12.4.0');
  });

  test('every picture that it names is there, is its own, and is harmless', () => {
    const { logos, screenshots } = plugin.info;
    for (const file of [logos.small, logos.large, ...screenshots.map((each) => each.path)]) {
      const picture = join(source, dirname(path), file);
      expect([file, existsSync(picture)]).toEqual([file, true]);
      if (file.endsWith('.svg'))
        expect(readFileSync(picture, 'utf8')).not.toMatch(/<script|foreignObject|\son\w+=|href=/i);
    }
  });

  test('has texts in each of its languages but English, which stands in the code', () => {
    for (const language of (plugin.languages ?? []).filter((each) => each !== 'en-US')) {
      const texts = join(source, dirname(path), 'locales', language, `${plugin.id}.json`);
      expect([texts, existsSync(texts)]).toEqual([texts, true]);
    }
  });
});

test('every folder of a panel is included, with its exact path', () => {
  const folders = readdirSync(join(source, 'panels')).map((name) => `panels/${name}/plugin.json`);
  expect(nested.map(({ path }) => path).sort()).toEqual(folders.sort());
});

test('every board that is generated is bundled, under its title', () => {
  const boards = includes.filter(({ type }) => type === 'dashboard');
  const expected = generated.map((name) => {
    const { title } = JSON.parse(readFileSync(join(pluginFolder, '..', 'dashboards', 'generated', name), 'utf8'));
    return { name: title, path: `dashboards/${name}` };
  });
  expect(boards.map(({ name, path }) => ({ name, path })).sort(byPath)).toEqual(expected.sort(byPath));
});

test('each page has a role, and one of them opens first', () => {
  const pages = includes.filter(({ type }) => type === 'page');
  for (const { name, role } of pages)
    expect([name, ['Viewer', 'Editor', 'Admin'].includes(role ?? '')]).toEqual([name, true]);
  expect(pages.filter(({ defaultNav }) => defaultNav === true)).toHaveLength(1);
});

test('each route names its role and one method, forwards to a setting and carries nothing but a secret', () => {
  for (const route of pluginSource.routes) {
    expect(['Viewer', 'Editor', 'Admin']).toContain(route.reqRole);
    expect(['GET', 'POST', 'DELETE']).toContain(route.method);
    expect(route.url).toMatch(/^\{\{ \.JsonData\.\w+Url \}\}/);
    for (const { name, content } of route.headers ?? []) {
      expect(name).toBe('Authorization');
      expect(content).toMatch(/\.SecureJsonData\./);
    }
    // Viewers only read.
    if (route.method !== 'GET') expect(route.reqRole).not.toBe('Viewer');
  }
});

test('routes that fit one path stand in the order in which Grafana must try them', () => {
  const { routes } = pluginSource;
  const hidden = routes.filter(({ path, method }, index) =>
    routes
      .slice(0, index)
      .some(
        (before) => before.method === method && before.path.endsWith('/*') && path.startsWith(before.path.slice(0, -1)),
      ),
  );
  expect(hidden).toEqual([]);
});

test('the version is that of FleetLens', () => {
  const own = JSON.parse(readFileSync(join(pluginFolder, 'package.json'), 'utf8'));
  const all = JSON.parse(readFileSync(join(pluginFolder, '..', 'package.json'), 'utf8'));
  expect(own.version).toBe(all.version);
});

test("the build is create-plugin's, which the catalogue asks for", () => {
  expect(readFileSync(join(pluginFolder, '.config', 'webpack', 'webpack.config.ts'), 'utf8')).toContain(
    '@grafana/create-plugin',
  );
});

describe('what the app is made of', () => {
  const files = ['src', 'preview'].flatMap((folder) =>
    readdirSync(join(pluginFolder, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  const imports = files.flatMap((file) =>
    [...readFileSync(join(pluginFolder, file), 'utf8').matchAll(/\b(?:from|import\(|import)\s*'([^']+)'/g)].map(
      ([, target = '']) => ({ file, target }),
    ),
  );
  const outside = imports.flatMap(({ file, target }) => {
    const path = target.startsWith('.') ? join('grafana-plugin', dirname(file), target) : '';
    return target.startsWith('.') && !path.startsWith('grafana-plugin/') ? [{ file, path }] : [];
  });

  test('beside itself it takes series, recordings and panels, and nothing of a daemon or of Node', () => {
    const wrong = outside.filter(
      ({ path }) => !/^(metrics|rules\/recording|dashboards\/(panels|generated|panel-id))/.test(path),
    );
    expect(outside.length).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
    expect(imports.filter(({ target }) => target.startsWith('node:'))).toEqual([]);
  });

  test('panels stay small: nothing of scenes, and no chunks, which Grafana would not find', () => {
    const inPanels = files.filter((file) => file.startsWith('src/panels/'));
    const text = (file: string) => readFileSync(join(pluginFolder, file), 'utf8');
    expect(
      imports.filter(({ file, target }) => file.startsWith('src/panels/') && target.includes('@grafana/scenes')),
    ).toEqual([]);
    expect(inPanels.filter((file) => /\bimport\(/.test(text(file)))).toEqual([]);
  });
});

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
