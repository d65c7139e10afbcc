import { horizons } from '../../horizon.ts';
import { canonicalJson, hashOf } from '../../learning/model/canonical.ts';
import { writeModel } from '../../learning/model/write-model.ts';
import type { HorizonModels, KindModels, ModelSet } from '../model-set.ts';

export const modelSetFormat = 'fleetlens-risk-model-set';

/** The text of a file: one line of JSON with its hash, the same for the same set. */
export function writeModelSet(set: ModelSet): string {
  const content = { format: modelSetFormat, ...set, kinds: mapped(set.kinds, kindContent) };
  return `${canonicalJson({ ...content, hash: hashOf(content) })}\n`;
}

function kindContent({ horizons: own, ...kind }: KindModels): object {
  return { ...kind, horizons: Object.fromEntries(horizons.map((horizon) => [horizon, horizonContent(own[horizon])])) };
}

/** A model is there as its own file would be, with its hash. */
function horizonContent({ model, ...rest }: HorizonModels): object {
  return model === undefined ? rest : { ...rest, model: JSON.parse(writeModel(model)) as unknown };
}

function mapped<T>(map: Readonly<Record<string, T>>, of: (value: T) => object): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, of(value)]));
}
