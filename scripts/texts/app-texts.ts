import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceText, textsInSource } from './texts-in-source.ts';

/** A plugin with texts: the app, or a panel within it. */
export interface TextOwner {
  readonly id: string;
  /** Folder of its plugin.json, from the root of the repository. */
  readonly folder: string;
  /** The English of each key, in the order of keys. */
  readonly english: ReadonlyMap<string, string>;
}

const source = 'grafana-plugin/src';
/** What panels bundle beside their own folder. */
const inEveryPanel = ['services', 'states'];

/** All plugins that ask for texts. Throws if one key has two English texts. */
export function textOwners(root: string): readonly TextOwner[] {
  const panels = readdirSync(join(root, source, 'panels')).map((name) => `panels/${name}`);
  const app = owner(root, '', (path) => !path.startsWith('panels/'));
  const ofPanels = panels
    .filter((panel) => asksForTexts(root, panel))
    .map((panel) =>
      owner(root, panel, (path) => [panel, ...inEveryPanel].some((folder) => path.startsWith(`${folder}/`))),
    );
  return [app, ...ofPanels];
}

function owner(root: string, folder: string, isOwn: (path: string) => boolean): TextOwner {
  const english = new Map<string, string>();
  for (const path of sourceFiles(root).filter(isOwn)) {
    for (const { key, english: text } of textsOf(root, path)) {
      if ((english.get(key) ?? text) !== text) throw new Error(`${path}: ${key} has another English text elsewhere`);
      english.set(key, text);
    }
  }
  const { id } = JSON.parse(readFileSync(join(root, source, folder, 'plugin.json'), 'utf8'));
  return { id, folder: join(source, folder), english: new Map([...english].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** A panel that shows no words of its own yet has no texts to be loaded. */
function asksForTexts(root: string, panel: string): boolean {
  const own = sourceFiles(root).filter((path) => path.startsWith(`${panel}/`));
  return own.some((path) => /from '(@grafana\/i18n|.*\/states\/)/.test(readFileSync(join(root, source, path), 'utf8')));
}

function textsOf(root: string, path: string): readonly SourceText[] {
  return textsInSource(readFileSync(join(root, source, path), 'utf8'), path);
}

function sourceFiles(root: string): readonly string[] {
  return readdirSync(join(root, source), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .sort();
}

/** The file of a language; Grafana reads one for each language that plugin.json names. */
export function textFile({ id, folder }: TextOwner, language: string): string {
  return `${folder}/locales/${language}/${id}.json`;
}

/** Keys and texts of a file, whose keys are nested at the dots. */
export function readTexts(root: string, path: string): ReadonlyMap<string, string> {
  const file = join(root, path);
  return new Map(existsSync(file) ? flattened(JSON.parse(readFileSync(file, 'utf8')), '') : []);
}

function flattened(value: object, prefix: string): readonly (readonly [key: string, text: string])[] {
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'string' ? [[`${prefix}${key}`, each] as const] : flattened(each, `${prefix}${key}.`),
  );
}
