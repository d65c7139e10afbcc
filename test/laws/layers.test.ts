import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What each folder may import beside itself; the longest folder that holds a file counts. docs/architecture.md explains the table. */
const layers: Readonly<Record<string, readonly string[]>> = {
  metrics: [],
  kit: ['metrics'],
  exporters: ['kit', 'metrics'],
  rules: ['metrics'],
  alertmanager: ['rules', 'metrics'],
  'alertmanager/bridge': ['kit', 'metrics'],
  dashboards: ['rules/recording', 'metrics'],
  cli: ['metrics', 'kit', 'exporters', 'rules', 'alertmanager', 'dashboards'],
};

/** Folders that only hold data or run before the product: they may import anything, and nobody may import them. The app has a law of its own. */
const outside = ['scripts', 'test', 'grafana-plugin'];

/** I/O and processes stay at the edge; everything else is pure and can be tested without them. */
const edge =
  /^(kit|cli|exporters\/[^/]+\/(sources|api|store)|exporters\/[^/]+\/main\.ts|alertmanager\/bridge\/(sources|api)|alertmanager\/bridge\/main\.ts)/;
const ioModules = /^(node:(fs|http|https|net|child_process|dgram|tls)(\/.*)?|express|koffi|@grpc\/grpc-js)$/;

interface Import {
  readonly file: string;
  readonly target: string;
}

const topFolders = Object.keys(layers).filter((folder) => !folder.includes('/'));
const files = topFolders.flatMap(sourcesBelow);
const imports = files.flatMap(importsOf);

test('every source folder of the repository has its place in the table', () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => !['node_modules', 'dist'].includes(name) && !name.startsWith('.'))
    .filter((name) => sourcesBelow(name).length > 0);
  expect(folders.sort()).toEqual([...topFolders, ...outside].sort());
});

test('there are imports to check', () => {
  expect(imports.length).toBeGreaterThan(300);
});

test('dependencies point one way', () => {
  const wrong = imports.filter(isWrong).map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('one exporter never imports another', () => {
  const wrong = imports.filter(({ file, target }) => {
    const own = file.split('/').slice(0, 2).join('/');
    return file.startsWith('exporters/') && target.startsWith('exporters/') && !target.startsWith(`${own}/`);
  });
  expect(wrong).toEqual([]);
});

test('only the edge does input and output', () => {
  const wrong = imports
    .filter(({ file, target }) => ioModules.test(target) && !edge.test(file) && !isTypeOnly(file, target))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('the board generator keeps its SDK to itself', () => {
  const wrong = imports.filter(
    ({ file, target }) =>
      target.startsWith('@grafana/grafana-foundation-sdk') && !file.startsWith('dashboards/classic/'),
  );
  expect(wrong).toEqual([]);
});

test('no folder or file is a drawer', () => {
  const drawers = files.filter((file) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.|-)/.test(file));
  expect(drawers).toEqual([]);
});

function isWrong({ file, target }: Import): boolean {
  if (isPackage(target)) return false;
  const holders = Object.keys(layers).filter((each) => file.startsWith(`${each}/`));
  const folder = holders.toSorted((a, b) => b.length - a.length)[0] ?? '';
  return ![folder, ...(layers[folder] ?? [])].some((allowed) => target.startsWith(`${allowed}/`));
}

function isPackage(target: string): boolean {
  return !target.endsWith('.ts');
}

function isTypeOnly(file: string, target: string): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  return new RegExp(`import type [^;]* from '${target}'`).test(text);
}

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Static imports, also those for their side effects alone, and dynamic ones; relative ones as paths from the root. */
function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/\b(?:from|import\(|import)\s*'([^']+)'/g);
  return [...found].map(([, target = '']) => ({
    file,
    target: target.startsWith('.') ? resolved(file, target) : target,
  }));
}

function resolved(file: string, target: string): string {
  return relative(root, join(root, dirname(file), target));
}
