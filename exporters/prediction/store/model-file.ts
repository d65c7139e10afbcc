import { readBounded } from '../../../kit/bounded-file.ts';
import { SourceError } from '../../../kit/errors.ts';
import { replaceFile } from '../../../kit/replace-file.ts';
import type { Model } from '../learning/model/model.ts';
import { readModel } from '../learning/model/read-model.ts';
import { writeModel } from '../learning/model/write-model.ts';

/** A boosted model by default has half a megabyte, the largest forest that is sensible 60. */
const maxBytes = 64 * 2 ** 20;

/** Undefined if there is no such file. Throws SourceError for one that is no sound model. */
export async function loadModel(path: string): Promise<Model | undefined> {
  const text = await readBounded(path, maxBytes);
  if (text === undefined) return undefined;
  if (text.length > maxBytes)
    throw new SourceError(`${path} is not used as a model: it has more than ${maxBytes} bytes`);
  return readModel(text, path);
}

/** Whoever reads the file sees the old model or the new one, whenever the process ends. */
export async function saveModel(path: string, model: Model): Promise<void> {
  await replaceFile(path, writeModel(model));
}
