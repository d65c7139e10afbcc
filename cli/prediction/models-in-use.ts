import type { ModelSet } from '../../exporters/prediction/pipeline/model-set.ts';
import { loadModelSet } from '../../exporters/prediction/store/models/model-set-file.ts';
import { openModelStore } from '../../exporters/prediction/store/models/model-store.ts';
import { SourceError } from '../../kit/errors.ts';
import { modelFolder } from './history/data-folder.ts';

/** Those of the file, or those of the folder that are in use. Rejects with SourceError where there are none, or they are damaged. */
export async function modelsInUse({
  data,
  models,
}: {
  readonly data: string;
  readonly models: string | undefined;
}): Promise<ModelSet> {
  if (models !== undefined) return loadModelSet(models);
  const folder = modelFolder(data);
  const current = await (await openModelStore({ folder })).current();
  if (current !== undefined) return current;
  throw new SourceError(`${folder} has no models; make them with fleetlens prediction train`);
}
