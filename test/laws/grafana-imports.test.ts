import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pluginFolder } from '../support/grafana-app.ts';

/**
 * What the built app takes from Grafana at run time, the libraries that are bundled with it included, must be there in the oldest and in the newest
 * Grafana: a name that is not is undefined until somebody opens the page that calls it. The compiler looks at our own sources alone.
 */
const dist = join(pluginFolder, 'dist');
const root = join(pluginFolder, '..');
const hosts = [
  ['the oldest Grafana', join(root, 'test', 'host-g12', 'node_modules')],
  ['the newest Grafana', join(root, 'node_modules')],
] as const;

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
}

interface Import {
  readonly module: string;
  readonly name: string;
  readonly source: string;
}

const named = /\b(?:import|export)\s*\{([^}]*)\}\s*from\s*['"](@grafana\/(?:data|ui|runtime)(?:\/\w+)?)['"]/g;
const anyForm = /\b(?:import|export)\s+(?!type\b)[^;'"]*?from\s*['"]@grafana\/(?:data|ui|runtime)(?:\/\w+)?['"]/g;

/** Its purpose is to ask whether a name is there, and to do without. */
const asksFirst = '@grafana/plugin-compat/';

const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.js.map'))
  .map((file): SourceMap => JSON.parse(readFileSync(join(dist, file), 'utf8')));
const sources = new Map(
  maps.flatMap(({ sources: names, sourcesContent }) =>
    names.map((name, index) => [name, sourcesContent[index] ?? ''] as const),
  ),
);
const imports = [...sources].flatMap(([source, text]) => importsOf(source, text));

function importsOf(source: string, text: string): readonly Import[] {
  return [...text.matchAll(named)].flatMap(([, list = '', module = '']) =>
    list
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '' && !each.startsWith('type '))
      .map((each) => ({ module, name: each.replace(/ as .*/, ''), source })),
  );
}

/** What the module of a package gives. */
function exportsOf(folder: string, module: string): ReadonlySet<string> {
  const [, name = '', entry = 'index'] = /^(@grafana\/\w+)(?:\/(\w+))?$/.exec(module) ?? [];
  const text = readFileSync(join(folder, name, 'dist', 'esm', `${entry}.mjs`), 'utf8');
  if (/^export (?!\{)/m.test(text)) throw new Error(`${module} exports in a form that this test does not read`);
  const lists = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list = '']) => list.split(','));
  return new Set(lists.map((each) => each.trim().replace(/^.* as /, '')));
}

test('every import is read, also those of the libraries that are bundled', () => {
  const forms = [...sources.values()].flatMap((text) => [...text.matchAll(anyForm)]);
  const read = [...sources.values()].flatMap((text) => [...text.matchAll(named)]);
  expect(forms.length).toBe(read.length);
  expect(imports.filter(({ source }) => source.includes('@grafana/scenes')).length).toBeGreaterThan(100);
  expect(imports.filter(({ source }) => !source.includes('node_modules')).length).toBeGreaterThan(100);
});

test.each(hosts)('%s has every name that is imported', (_which, folder) => {
  const given = new Map(
    [...new Set(imports.map(({ module }) => module))].map((each) => [each, exportsOf(folder, each)]),
  );
  const missing = imports.filter(
    ({ module, name, source }) => given.get(module)?.has(name) !== true && !source.includes(asksFirst),
  );
  expect(missing).toEqual([]);
});
