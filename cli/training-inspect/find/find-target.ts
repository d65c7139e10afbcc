import { dirname, relative, resolve } from 'node:path';
import { checkpointOfFolder } from '../../../exporters/training/sources/files/checkpoint-names.ts';
import type { FileKind } from '../../../exporters/training/sources/files/file-kind.ts';
import { parseRunPattern, type RunPattern } from '../../../exporters/training/sources/files/run-pattern.ts';
import type { Walk } from '../../../exporters/training/sources/files/walk.ts';
import { type RunContents, walkRun } from '../../../exporters/training/sources/files/walk-run.ts';
import { nearest } from '../../../kit/options/nearest.ts';
import { escaped, type Layout, layoutOf } from './layout.ts';

/** What a path leads to. */
export interface Target {
  readonly is: 'file' | 'folder' | 'pattern' | 'missing';
  /** Whole path, or the patterns. */
  readonly path: string;
  readonly patterns: readonly RunPattern[];
  /** The same as --runs.paths takes them. */
  readonly texts: readonly string[];
  readonly layout: Layout;
  /** Of a folder. */
  readonly contents: RunContents | undefined;
  /** A name beside the path that is nearly the same. */
  readonly didYouMean: string | undefined;
}

interface Settings {
  readonly workingFolder: string;
  readonly depth: number;
  readonly kindOf: (name: string) => FileKind | undefined;
}

/** Folders above the runs of a folder of runs. */
const levelsAbove = 2;
const nothing = { layout: { is: 'nothing' }, contents: undefined, didYouMean: undefined } as const;

export async function findTarget(given: string, walk: Walk, settings: Settings): Promise<Target> {
  const path = resolve(settings.workingFolder, given);
  const facts = await walk.identify(path);
  if (facts?.isFolder === true) return targetOfFolder(path, walk, settings);
  const here = { ...nothing, path, patterns: [patternOf(path)], texts: [textOf(path)] };
  if (facts !== undefined) return { ...here, is: 'file', layout: { is: 'run', runFolders: [] } };
  if (/[*?[]/.test(given)) return targetOfPatterns([given], settings.workingFolder);
  return { ...here, is: 'missing', patterns: [], didYouMean: await nameBeside(path, walk) };
}

/** Throws ConfigError for a pattern that can match nothing. */
export function targetOfPatterns(texts: readonly string[], workingFolder: string): Target {
  const patterns = texts.map((text) => parseRunPattern(text, workingFolder));
  const whole = texts.map((text) => resolve(workingFolder, text) + (text.endsWith('/') ? '/' : ''));
  return { ...nothing, is: 'pattern', path: whole.join(', '), patterns, texts: whole };
}

async function targetOfFolder(path: string, walk: Walk, { depth, kindOf }: Settings): Promise<Target> {
  const match = { path, realPath: path, name: path, isFolder: true, isNamedFile: false };
  const contents = await walkRun(match, walk, {
    depth: depth + levelsAbove,
    kindOf,
    isOtherRun: () => false,
    isKnownCheckpoint: () => false,
  });
  const layout = layoutOf(placesOf(path, contents));
  const text = layout.is === 'runs' ? `${textOf(path === '/' ? '' : path)}/${layout.pattern}` : textOf(path);
  const pattern = layout.is === 'runs' ? parseRunPattern(text, '/') : patternOf(path);
  return { is: 'folder', path, patterns: [pattern], texts: [text], layout, contents, didYouMean: undefined };
}

function placesOf(path: string, { files, folders }: RunContents): readonly string[] {
  const checkpoints = folders.flatMap(({ folder, entries }) => [
    ...(folder.path !== path && checkpointOfFolder(folder.path.split('/').at(-1) ?? '') ? [folder.path] : []),
    ...(entries.some(({ name }) => name.endsWith('.ckpt')) ? [folder.path] : []),
  ]);
  return [...files.map((file) => dirname(file.path)), ...checkpoints].map((place) => relative(path, place));
}

/** Exactly this path, whatever characters it has. */
function patternOf(path: string): RunPattern {
  return { base: path, parts: [], isForFolders: false, namesFiles: true };
}

function textOf(path: string): string {
  return path.split('/').map(escaped).join('/');
}

async function nameBeside(path: string, walk: Walk): Promise<string | undefined> {
  const folder = await walk.folder(dirname(path), undefined, undefined);
  if (folder === undefined) return undefined;
  const names = (await walk.list(folder)).map(({ name }) => name);
  return nearest(path.slice(path.lastIndexOf('/') + 1), names);
}
