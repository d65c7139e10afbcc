import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeOptions } from '../../alertmanager/bridge/options.ts';
import { alertsCommandTables } from '../../cli/alerts/options.ts';
import { billingCommandTables } from '../../cli/billing/options.ts';
import { sendTestOptions } from '../../cli/bridge/options.ts';
import { captureOptions } from '../../cli/capture/options.ts';
import { cmdbAnsibleOptions } from '../../cli/cmdb/ansible-options.ts';
import { cmdbCommandTables } from '../../cli/cmdb/options.ts';
import { doctorOptions } from '../../cli/doctor/options.ts';
import { generateOptions } from '../../cli/generate/options.ts';
import { predictionCommandTables } from '../../cli/prediction/options.ts';
import { previewOptions } from '../../cli/preview/options.ts';
import { rulesCommandTables } from '../../cli/rules/options.ts';
import { backupOptions, restoreOptions } from '../../cli/store/options.ts';
import { trainingRunOptions } from '../../cli/training-run/options.ts';
import { upOptions } from '../../cli/up/options.ts';
import { defaultMeters } from '../../exporters/billing/meters/default-meters.ts';
import { billingOptions } from '../../exporters/billing/options.ts';
import { sourceKeys } from '../../exporters/billing/sources/config/read-sources.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import { gpuOptions } from '../../exporters/gpu/options.ts';
import { clockEventReasons } from '../../exporters/gpu/reading.ts';
import { driverStates } from '../../exporters/gpu/sources/nvml/protocol.ts';
import { nameOf } from '../../exporters/gpu/sources/nvml/return-codes.ts';
import { scenarios } from '../../exporters/gpu/sources/simulated/scenarios.ts';
import { inferenceOptions } from '../../exporters/inference/options.ts';
import { predictionOptions } from '../../exporters/prediction/options.ts';
import { predictionFileKeys } from '../../exporters/prediction/prediction-file/prediction-file.ts';
import { sourceKeys as predictionSourceKeys } from '../../exporters/prediction/prediction-file/read-sources.ts';
import { trainingOptions } from '../../exporters/training/options.ts';
import { tagTables } from '../../exporters/training/schema/create-tag-map.ts';
import type { OptionTable } from '../../kit/options/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { labels } from '../../metrics/labels.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { recorded } from '../../rules/recording/index.ts';
import { brokenLinks, codeLines, codeSpans, type Document, documents, root, tableRows } from './documents.ts';

const pages = documents();
const tables: readonly OptionTable[] = [
  upOptions,
  previewOptions,
  gpuOptions,
  captureOptions,
  inferenceOptions,
  trainingOptions,
  trainingRunOptions,
  doctorOptions,
  billingOptions,
  ...billingCommandTables,
  predictionOptions,
  ...predictionCommandTables,
  ...alertsCommandTables,
  bridgeOptions,
  sendTestOptions,
  cmdbOptions,
  ...cmdbCommandTables,
  backupOptions,
  restoreOptions,
  ...rulesCommandTables,
  generateOptions,
  cmdbAnsibleOptions,
];
const tableOf: ReadonlyMap<string, OptionTable> = new Map(
  tables.map((table) => [table.command.replace('fleetlens ', ''), table]),
);
interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest: Manifest = JSON.parse(read('package.json'));
const appManifest: Manifest = JSON.parse(read('grafana-plugin/package.json'));

test('there are documents to check', () => {
  expect(pages.length).toBeGreaterThan(50);
});

test.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/architecture.md'])('%s is there', (path) => {
  expect(pages.map((page) => page.path)).toContain(path);
});

describe.each(pages.map((page) => [page.path, page] as const))('%s', (_path, page) => {
  test('links to what is there', () => expect(brokenLinks(page)).toEqual([]));

  test('names npm scripts that exist', () => expect(scriptsOf(page).filter((name) => !isScript(name))).toEqual([]));

  test('names options that exist', () => expect(unknownOptions(page)).toEqual([]));

  test('names series that exist', () => expect(unknownSeries(page)).toEqual([]));

  test('names files that exist', () => {
    const folders = /^(metrics|kit|exporters|rules|alertmanager|dashboards|cli|scripts|test|docs|deploy)\/[\w./-]+$/;
    const paths = codeSpans(page).filter((code) => folders.test(code));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** `npm run x`, `npm start` and `npm test`; npm's own commands such as `npm ci` are not ours. */
function scriptsOf(page: Document): string[] {
  const named = [...page.text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test))\b/g)];
  return named.map(([, script, own]) => script ?? own ?? '');
}

function isScript(name: string): boolean {
  return [manifest, appManifest].some(({ scripts }) => Object.hasOwn(scripts, name));
}

/** Options of commands in full, and bare ones such as `--gpu.interval` in the pages that are about ours. */
function unknownOptions(page: Document): string[] {
  const inFull = codeLines(page).flatMap((line) => {
    const [, command = '', rest = ''] =
      /(?:fleetlens|dist\/cli\/main\.js|scripts\/start\.mjs) ([\w-]+)(.*)$/.exec(
        line.replace(/^npm start -- /, 'fleetlens up '),
      ) ?? [];
    const [, second = '', behind = ''] = /^ ([a-z][\w-]*)(.*)$/.exec(rest) ?? [];
    const ofTwoWords = tableOf.get(`${command} ${second}`);
    if (ofTwoWords !== undefined) return flagsIn(behind).filter((flag) => !isOption(ofTwoWords, flag));
    const table = tableOf.get(command);
    return table === undefined ? [] : flagsIn(rest).filter((flag) => !isOption(table, flag));
  });
  const isOurs = /^(README|docs\/(guides|architecture)|exporters)/.test(page.path);
  const bare = isOurs ? codeSpans(page).filter((code) => code.startsWith('--')) : [];
  return [...inFull, ...bare.flatMap(flagsIn).filter((flag) => !tables.some((table) => isOption(table, flag)))];
}

function flagsIn(text: string): string[] {
  // What is behind two dashes belongs to the command that is wrapped.
  const [ours = ''] = text.split(/[#|;&]| -- /);
  return [...ours.matchAll(/(?<=^|\s)--([a-z][a-z.-]*)/g)].map(([, flag = '']) => flag);
}

function isOption({ options }: OptionTable, flag: string): boolean {
  return Object.hasOwn(options, flag) || Object.hasOwn(options, flag.replace(/^no-/, '')) || flag === 'help';
}

/** Words that look like series and are none: labels, meters, keys of the file of billing, NVML errors, reasons, tags of frameworks, keys of a site, files, and mistakes that are shown on purpose. */
const otherWords = new Set([
  ...Object.keys(labels),
  ...Array.from({ length: 31 }, (_, code) => nameOf(code)),
  ...clockEventReasons,
  ...tagTables.flatMap(({ tags }) => Object.keys(tags)),
  ...defaultMeters.map(({ name }) => name),
  ...sourceKeys,
  ...predictionFileKeys,
  ...predictionSourceKeys,
  'fleetlens_training',
  'gpu_pages',
  'gpu_power_wats',
]);

function unknownSeries(page: Document): string[] {
  const words = codeSpans(page).flatMap((code) => [
    ...code.matchAll(/(?<![\w:.-])[a-z][a-z0-9_]*(?::[a-z0-9_]+)*(?![\w*])/g),
  ]);
  return words.map(([word]) => word).filter((word) => isSeriesLike(word) && !isSeries(word));
}

function isSeriesLike(word: string): boolean {
  return /^(gpu|training|fleetlens)_[a-z0-9_]*[a-z0-9]$/.test(word) || /^\w+:(gpu|training|fleetlens)\w*:/.test(word);
}

function isSeries(word: string): boolean {
  const names = [word, word.replace(/_(bucket|sum|count)$/, '')];
  return otherWords.has(word) || names.some((name) => catalogue.has(name) || recorded.has(name));
}

test('the guide of the exporter tells every scenario in its own words', () => {
  const rows = tableRows(read('docs/guides/gpu-exporter.md'), '`--simulated.scenario`');
  expect(rows).toEqual(Object.entries(scenarios).map(([name, { about }]) => [`\`${name}\``, about]));
});

test('the guide of the exporter explains every state of the driver', () => {
  const rows = tableRows(read('docs/guides/gpu-exporter.md'), 'State');
  expect(rows.map(([state]) => state)).toEqual(driverStates.map((state) => `\`${state}\``));
});

test('the guide of up tells what every scenario leads to, by names of alerts', () => {
  const rows = tableRows(read('docs/guides/up.md'), 'Scenario');
  expect(rows.map(([name]) => name).filter((name) => name !== '')).toEqual(
    Object.keys(scenarios).map((name) => `\`${name}\``),
  );
  const alerts = new Set<string>(alertThemes.flatMap((theme) => theme.alerts.map(({ name }) => name)));
  const named = rows.flatMap(([, told = '']) => told.match(/\b(?:Gpu|Training)[A-Z]\w+/g) ?? []);
  expect(named.filter((name) => !alerts.has(name))).toEqual([]);
});

test('the architecture page has the table that the layer test holds', () => {
  const held = [...read('test/laws/layers.test.ts').matchAll(/^ {2}'?([\w/]+)'?: \[(.*)\],$/gm)].map(
    ([, folder, list = '']) => [folder, list.replaceAll("'", '')],
  );
  const shown = tableRows(read('docs/architecture.md'), 'Folder').map(([folder = '', , may = '']) => [
    folder.replaceAll('`', ''),
    may === 'nothing' ? '' : may.replaceAll('`', ''),
  ]);
  expect(held.length).toBeGreaterThan(5);
  expect(shown.filter(([folder = '']) => !folder.includes(','))).toEqual(held);
});

test('every dependency has its line in the decision about dependencies, with its version', () => {
  const lines = read('docs/adr/0007-dependencies.md').split('\n');
  const wanted = [manifest, appManifest].flatMap((each) =>
    Object.entries({ ...each.dependencies, ...each.devDependencies }),
  );
  const missing = wanted.filter(([name, version]) => !lines.some((line) => line.startsWith(`| ${name} ${version} |`)));
  expect(missing).toEqual([]);
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
