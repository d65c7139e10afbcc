import { readBounded } from '../../../../kit/bounded-file.ts';
import { SourceError } from '../../../../kit/errors.ts';
import type { ModelSet } from '../../pipeline/model-set.ts';
import { readModelSet } from '../../pipeline/stored/read-model-set.ts';

const maxBytes = 256 * 2 ** 20;

/** A set from a file that may come from elsewhere: checked whole, and never run. Rejects with SourceError. */
export async function loadModelSet(path: string): Promise<ModelSet> {
  const text = await readBounded(path, maxBytes);
  if (text === undefined) throw new SourceError(`${path} is not there`);
  return readModelSet(text, path);
}
