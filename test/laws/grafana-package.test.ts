import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { pluginFolder } from '../support/grafana-app.ts';
import { pluginSchemas } from '../support/plugin-schema.ts';

/** What the validator of Grafana's catalogue looks at in the built app, by its own names for it. `npm test` builds the app first. */
const dist = join(pluginFolder, 'dist');
const kibibyte = 1024;

interface BuiltPlugin {
  readonly type: 'app' | 'panel';
  readonly id: string;
  readonly name: string;
  readonly info: {
    readonly version: string;
    readonly logos: { readonly small: string; readonly large: string };
    readonly screenshots: readonly { readonly path: string }[];
  };
  readonly includes?: readonly { readonly type: string; readonly name: string; readonly path: string }[];
}

const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => statSync(join(dist, file)).isFile() && !file.startsWith('.'))
  .sort();
const plugins = files.filter((file) => file === 'plugin.json' || file.endsWith('/plugin.json'));
const scripts = files.filter((file) => file.endsWith('.js'));
const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
const readPlugin = (file: string): BuiltPlugin => JSON.parse(read(file));
const app = readPlugin('plugin.json');
const ajv = new Ajv({ allErrors: true, strict: false });

describe.each(plugins)('%s', (file) => {
  const plugin = readPlugin(file);
  const beside = (path: string): string => join(dist, dirname(file), path);

  test('metadatavalid: fits the schema, and nothing of it waits to be filled in', () => {
    const fits = ajv.compile(pluginSchemas[plugin.type]);
    expect([fits(plugin), fits.errors]).toEqual([true, null]);
    expect(read(file)).not.toMatch(/%[A-Z_]+%/);
  });

  test('metadatapaths: every picture that it names is there', () => {
    const { logos, screenshots } = plugin.info;
    const missing = [logos.small, logos.large, ...screenshots.map(({ path }) => path)].filter(
      (path) => !existsSync(beside(path)),
    );
    expect(missing).toEqual([]);
  });

  test('modulejs, jsMap: its module is there, and the map of its source', () => {
    expect(readFileSync(beside('module.js'), 'utf8')).toMatch(/\/\/# sourceMappingURL=module\.js\.map\s*$/);
    const map: { sources: string[]; sourcesContent: string[] } = JSON.parse(
      readFileSync(beside('module.js.map'), 'utf8'),
    );
    expect(map.sources.some((source) => /\/module\.tsx?$/.test(source))).toBe(true);
    expect(map.sourcesContent).toHaveLength(map.sources.length);
  });

  test('packagejson: the version is that of the package', () => {
    const own: { version: string } = JSON.parse(readFileSync(join(pluginFolder, 'package.json'), 'utf8'));
    expect(plugin.info.version).toBe(own.version);
  });
});

test('includesnested: every plugin in it is included by exact path, type and name, below the name of the app', () => {
  const nested = plugins
    .filter((file) => file !== 'plugin.json')
    .map((path) => ({ path, type: readPlugin(path).type, name: readPlugin(path).name }));
  const included = (app.includes ?? []).filter(({ path }) => path.endsWith('/plugin.json'));
  expect(nested).toHaveLength(2);
  expect(byPath(included)).toEqual(byPath(nested));
  const [vendor] = app.id.split('-');
  for (const { path } of nested) expect(readPlugin(path).id.split('-')[0]).toBe(vendor);
});

test('every board that is included is there, as a board with its title', () => {
  const boards = (app.includes ?? []).filter(({ type }) => type === 'dashboard');
  expect(boards.map(({ path }) => JSON.parse(read(path)).title)).toEqual(boards.map(({ name }) => name));
  expect(boards.map(({ path }) => path).sort()).toEqual(files.filter((file) => file.startsWith('dashboards/')));
});

test('screenshots: the catalogue has pictures to show, none of which is huge', () => {
  const { screenshots } = app.info;
  expect(screenshots.length).toBeGreaterThanOrEqual(3);
  for (const { path } of screenshots) {
    const picture = readFileSync(join(dist, path));
    expect([path, picture.subarray(1, 4).toString('latin1')]).toEqual([path, 'PNG']);
    expect(picture.length).toBeLessThan(500 * kibibyte);
  }
});

test('readme, htmlreadme, brokenlinks, jargon: one that people can read in the catalogue', () => {
  const readme = read('README.md');
  expect(readme.length).toBeGreaterThan(1500);
  for (const heading of ['Requirements', 'Getting started']) expect(readme).toContain(`\n## ${heading}\n`);
  expect(readme).not.toMatch(/<\/?[a-z]+>/);
  // The catalogue is another site, on which links between our files lead nowhere; it takes pictures from plugin.json.
  const links = [...readme.matchAll(/\[.+?\]\((.+?)\)/g)].map(([, target = '']) => target);
  expect(links.filter((target) => !/^(https:|#)/.test(target))).toEqual([]);
  expect(readme).not.toMatch(/yarn|nodejs|npm /);
});

test('changelog: tells what is in this version', () => {
  const [, version = ''] = new RegExp(`\\n## ${app.info.version}\\n([^#]*)`).exec(read('CHANGELOG.md')) ?? [];
  expect(version.length).toBeGreaterThan(200);
});

test('license: Apache 2.0', () => {
  expect(read('LICENSE')).toContain('Apache License');
});

test('nothing logs, and nothing leads to the machine that built it, to a test or to a registry', () => {
  const found = files
    .filter((file) => /\.(js|json|md)$/.test(file))
    .flatMap((file) => [...read(file).matchAll(traces)].map(([trace]) => `${file}: ${trace}`));
  expect(found).toEqual([]);
});

const traces =
  /console\.(log|info|debug)\b|\b(localhost|127\.0\.0\.1)[:/]\d*|registry\.\w+\.\w+\/|npmjs\.|file:\/\/|\/(home|root|tmp|work)\/[\w-]+/g;

test('there are only files that Grafana loads or people read', () => {
  const expected =
    /^([\w-]+\.js(\.map)?|plugin\.json|README\.md|CHANGELOG\.md|LICENSE|MANIFEST\.txt|(dashboards|locales)\/.+\.json|img\/.+\.(svg|png))$/;
  const inside = (file: string): string => file.replace(/^panels\/[a-z]+\//, '');
  expect(files.filter((file) => !expected.test(inside(file)))).toEqual([]);
});

/** Half as much again as on the day they were set, so that a library that slips in is seen. */
const bounds: readonly (readonly [what: string, kibibytes: number, scripts: readonly string[]])[] = [
  ['what Grafana loads of the app at its start', 6, ['module.js']],
  ['the panel CMDB lookup', 55, ['panels/cmdblookup/module.js']],
  ['the panel GPU failure prediction', 68, ['panels/failureprediction/module.js']],
  ['all code', 800, scripts],
];

test.each(bounds)('%s has at most %d KiB (gzip)', (_what, most, of) => {
  const bytes = of.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
  expect(bytes / kibibyte).toBeLessThan(most);
});

function byPath<T extends { readonly path: string }>(list: readonly T[]): readonly T[] {
  return list.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
