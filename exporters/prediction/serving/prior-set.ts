import { type ModelSet, modelSetVersion } from '../pipeline/model-set.ts';
import type { RatePriors } from '../risk/rate/priors.ts';
import { rateModelOf } from '../risk/rate/rate-model.ts';

/** What answers before anything was learned: rates of elsewhere. */
export function priorSet(priors: RatePriors): ModelSet {
  return {
    version: modelSetVersion,
    id: 'prior',
    madeAtMs: 0,
    seed: 0,
    provenance: { made_of: 'priors alone' },
    rate: rateModelOf({ exposures: [], priors }),
    kinds: {},
    past: [],
  };
}
