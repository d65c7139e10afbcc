import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../../../../kit/bounded-file.ts';
import { fieldsOf, textOf, wholeOf } from '../../../../kit/config-values.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import { replaceFile } from '../../../../kit/replace-file.ts';
import type { EntityKind } from '../../entity.ts';
import type { FeatureSchema } from '../../features/feature-table.ts';
import { hashOfSchema } from '../../features/schema.ts';
import { decodeHeader } from './chunk-format.ts';
import { spanOfName } from './chunk-name.ts';
import { readBegin } from './feature-store.ts';

/** How features were computed; those of other settings must not be put together. Lengths of time in ms. */
export interface FeatureMaking {
  readonly schema: FeatureSchema;
  readonly stepMs: number;
  readonly everyMs: number;
}

/** What became of the features that were in the folder. */
export interface FolderChange {
  /** Where those of other settings are now. */
  readonly keptIn: string;
  /** Whether there are some of these settings, of an earlier time. */
  readonly goesOn: boolean;
}

/** Of a folder: `hash` is that of the schema. */
interface Made {
  readonly stepMs: number;
  readonly everyMs: number;
  readonly hash: string;
}

const noteFile = 'settings.json';
const mostBytes = 10_000;
const longestMs = 86_400_000;

/**
 * Makes the folder one for features that are made so. Those that were made otherwise are moved beside it, for the server may have forgotten their time; if
 * the settings come back, so do they. Undefined where nothing was moved. Rejects with SourceError for a folder that cannot be used.
 */
export async function prepareFeatureFolder(
  folder: string,
  kind: EntityKind,
  { schema, stepMs, everyMs }: FeatureMaking,
): Promise<FolderChange | undefined> {
  const wanted: Made = { stepMs, everyMs, hash: hashOfSchema(schema) };
  try {
    const made = await madeIn(folder, kind, wanted);
    const keptIn = made === undefined || isSame(made, wanted) ? undefined : asideOf(folder, made);
    if (keptIn !== undefined) await rename(folder, keptIn);
    const goesOn = keptIn !== undefined && (await takeBack(asideOf(folder, wanted), folder));
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, noteFile), `${JSON.stringify(wanted)}\n`);
    return keptIn === undefined ? undefined : { keptIn, goesOn };
  } catch (error) {
    if (errnoOf(error) === undefined || error instanceof SourceError) throw error;
    throw new SourceError(
      `${folder} cannot be made ready for features (${reasonOf(error)}); let this user write to it and to the folder above it, and give it room`,
      { cause: error },
    );
  }
}

/** By the note in the folder, or by its first chunk: older folders have no note, and a step that nobody wrote down is taken for the same. */
async function madeIn(folder: string, kind: EntityKind, wanted: Made): Promise<Made | undefined> {
  const text = await readBounded(join(folder, noteFile), mostBytes);
  if (text !== undefined) {
    const made = noted(text, join(folder, noteFile));
    if (made !== undefined) return made;
  }
  for (const name of await namesIn(folder)) {
    const span = spanOfName(name, kind);
    const hash = span === undefined ? undefined : await hashIn(join(folder, name));
    if (span !== undefined && hash !== undefined)
      return { stepMs: wanted.stepMs, everyMs: span.untilMs - span.fromMs, hash };
  }
  return undefined;
}

/** Undefined for a note that is damaged. */
function noted(text: string, where: string): Made | undefined {
  try {
    const field = fieldsOf({ value: JSON.parse(text) as unknown, where }, ['stepMs', 'everyMs', 'hash']);
    const lengthOf = (key: string): number => wholeOf(field(key), { min: 1, max: longestMs });
    const hash = textOf(field('hash'));
    return /^[0-9a-f]{16}$/.test(hash) ? { stepMs: lengthOf('stepMs'), everyMs: lengthOf('everyMs'), hash } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for a file that is damaged. */
async function hashIn(file: string): Promise<string | undefined> {
  const bytes = await readBegin(file);
  try {
    return decodeHeader(bytes, file).hash;
  } catch {
    return undefined;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function takeBack(aside: string, folder: string): Promise<boolean> {
  try {
    await rename(aside, folder);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function asideOf(folder: string, { stepMs, everyMs, hash }: Made): string {
  return `${folder}.step-${stepMs / 1000}s-every-${everyMs / 1000}s-${hash.slice(0, 8)}`;
}

function isSame(a: Made, b: Made): boolean {
  return a.stepMs === b.stepMs && a.everyMs === b.everyMs && a.hash === b.hash;
}
