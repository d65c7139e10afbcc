import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { getImportsInfo, getIncompatibilitiesBetweenPackages } from '@grafana/levitate';

/**
 * Says what the app uses of Grafana's packages that the oldest Grafana does not have, or has in another form: npm run levitate -w grafana-plugin
 *
 * levitate's own command asks the registry for both versions and skips a package that it does not find installed, as those of a workspace. Here it
 * compares the packages that lie in node_modules and in test/host-g12, so it needs no network and skips nothing.
 */
const root = join(import.meta.dirname, '..');
const packages = ['@grafana/data', '@grafana/ui', '@grafana/runtime'];
const modules = ['module', 'panels/cmdblookup/module', 'panels/failureprediction/module'];

/** Looked at and harmless, by name, with the reason. */
const known: ReadonlyMap<string, string> = new Map([
  ['@grafana/data AppPlugin.setRootPage', 'components of React 18 and 19 have other types, the call is the same'],
  ['@grafana/runtime config', 'it has grown; the compiler checks each part that is read against the oldest'],
]);

const nothingIgnored = { additions: [], changes: [], removals: [] };
const folder = mkdtempSync(join(tmpdir(), 'levitate-'));
process.env['LEVITATE_SILENT'] = 'true';
try {
  process.exitCode = (await findings()).length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Names of all that is wrong. */
async function findings(): Promise<readonly string[]> {
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, modules.map((path) => `import '${join(root, 'grafana-plugin', 'src', path)}';\n`).join(''));
  // levitate takes a name for a folder below the working directory, if there is one.
  process.chdir(folder);
  const { program, imports } = getImportsInfo(entry, packages);
  const found: string[] = [];
  for (const name of packages) {
    const used = new Set(imports.filter(isOurs(name)).map(({ propertyName = 'default' }) => propertyName));
    const ours = linkTypes(name, root, name);
    const oldest = linkTypes(name, join(root, 'test', 'host-g12'), `oldest/${name}`);
    const differences = await getIncompatibilitiesBetweenPackages(program, name, `oldest/${name}`, nothingIgnored);
    say(`${name}: of ${used.size} names that the app uses of ${ours}, ${differences.length} differ in ${oldest}`);
    found.push(...unseen(name, used), ...differences.flatMap((difference) => judged(name, difference)));
  }
  return found;
}

/** What levitate passes over without a word. */
function unseen(name: string, used: ReadonlySet<string>): readonly string[] {
  if (used.size === 0) say(`  nothing of ${name} was found, so nothing was compared`);
  const renamed = [...used].filter((each) => / as |^\*|^default$/.test(each));
  for (const each of renamed) say(`  ${each}: levitate does not follow other names, import it by its own`);
  return used.size === 0 ? [name] : renamed;
}

function judged(name: string, { name: symbol, sourceFile, removal }: Difference): readonly string[] {
  const reason = removal === undefined ? known.get(`${name} ${symbol}`) : undefined;
  const what = removal === undefined ? 'differs' : 'is missing';
  const file = relative(root, sourceFile.fileName);
  say(`  ${symbol} ${what}, used in ${file}${reason === undefined ? '' : `: ${reason}`}`);
  return reason === undefined ? [symbol] : [];
}

type Difference = Awaited<ReturnType<typeof getIncompatibilitiesBetweenPackages>>[number];

function isOurs(name: string) {
  return ({ packageName, fileName = '' }: { readonly packageName: string; readonly fileName?: string }): boolean =>
    packageName === name && !relative(join(root, 'grafana-plugin', 'src'), fileName).startsWith('..');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A folder of that name that leads to the types of the package; returns the version of the package. */
function linkTypes(name: string, project: string, as: string): string {
  const installed = realpathSync(join(project, 'node_modules', name));
  const { types, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const link = join(folder, as);
  mkdirSync(link, { recursive: true });
  writeFileSync(join(link, 'package.json'), JSON.stringify({ types: relative(link, join(installed, types)) }));
  return version;
}
