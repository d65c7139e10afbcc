import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readBounded } from '../../../kit/bounded-file.ts';
import { type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf, SourceError } from '../../../kit/errors.ts';
import { matcherOf, textsOf } from './source-fields.ts';

const maxFiles = 100_000;
const maxPatterns = 100;

/** Paths of files; * and ? may stand in the last part of each. */
export function filePatternsOf(place: Place): readonly string[] {
  const patterns = textsOf(place, maxPatterns);
  for (const pattern of patterns) {
    if (!/[*?[]/.test(dirname(pattern))) continue;
    throw new ConfigError(
      `${place.where} may have * only in the name of the file, not in its folder, got "${pattern}"`,
    );
  }
  return patterns;
}

export function folderOf(place: Place): string {
  return textOf(place);
}

/** Plain files that match, in order of their paths. Rejects with a SourceError if a folder cannot be read or nothing matches. */
export async function listFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const paths = /[*?[]/.test(basename(pattern)) ? await matching(pattern) : [pattern];
    for (const path of paths) found.add(path);
  }
  if (found.size === 0) throw new SourceError(`no file matches ${patterns.join(', ')}`);
  if (found.size > maxFiles) throw new SourceError(`${found.size} files match; at most ${maxFiles} are read`);
  return [...found].sort();
}

async function matching(pattern: string): Promise<readonly string[]> {
  const folder = dirname(pattern);
  const isMatch = matcherOf([basename(pattern)]);
  return (await namesIn(folder)).filter(isMatch).map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  } catch (error) {
    throw new SourceError(`the folder ${folder} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
}

/** JSON of a plain file of bounded size. Rejects with a SourceError. */
export async function readJson(path: string, maxBytes: number): Promise<unknown> {
  const text = await readText(path, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError(`it is no complete JSON: ${text.length} characters`);
  }
}

/** Text of a plain file of bounded size. Rejects with a SourceError. */
export async function readText(path: string, maxBytes: number): Promise<string> {
  let text: string | undefined;
  try {
    text = await readBounded(path, maxBytes);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`it cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
  if (text === undefined) throw new SourceError('it is not there');
  if (Buffer.byteLength(text) > maxBytes) throw new SourceError(`it is larger than ${maxBytes} bytes`);
  return text.replace(/^\uFEFF/, '');
}

/** Unix seconds of the last change. */
export async function changedAt(path: string): Promise<number> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new SourceError('it is no plain file');
    return stats.mtimeMs / 1000;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`it cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
}
