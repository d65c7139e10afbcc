import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import type { RatePriors } from '../risk/rate/priors.ts';
import type { Trained } from '../store/train-in-worker.ts';
import type { SwapOutcome } from '../view.ts';
import { priorSet } from './prior-set.ts';

/** What keeps sets; `openModelStore` opens one. */
export interface ModelKeeper {
  readonly current: () => Promise<ModelSet | undefined>;
  readonly active: () => Promise<{ readonly current?: string | undefined; readonly previous?: string | undefined }>;
  readonly swap: (set: ModelSet) => Promise<void>;
  readonly rollBack: () => Promise<ModelSet>;
}

/** The set that answers; whoever asks gets a whole one, before a swap or after. */
export interface ModelsInUse {
  readonly current: () => ModelSet;
  /** Id of the one that a roll-back would bring back. */
  readonly previous: () => string | undefined;
  readonly isPrior: () => boolean;
  readonly swaps: () => Readonly<Record<SwapOutcome, number>>;
  /** A set that is the one in use already, or that may not replace it, changes nothing. */
  readonly swap: (trained: Trained) => Promise<void>;
  /** Rejects with SourceError where there is nothing to go back to. */
  readonly rollBack: () => Promise<ModelSet>;
  readonly usePriors: (priors: RatePriors) => void;
}

/** The models before are better than none. */
async function fallBack(keeper: ModelKeeper, error: unknown, log: Log): Promise<ModelSet | undefined> {
  const reason = reasonOf(error);
  try {
    const set = await keeper.rollBack();
    log.error('the models in use are damaged, those before answer', { reason, models: set.id });
    return set;
  } catch {
    log.error('the models on disk are not used, the prior answers until the next training', { reason });
    return undefined;
  }
}

export async function loadModels(keeper: ModelKeeper, priors: RatePriors, log: Log): Promise<ModelsInUse> {
  let set = await keeper.current().catch((error: unknown) => fallBack(keeper, error, log));
  let prior = priorSet(priors);
  let previous = (await keeper.active().catch(() => ({ previous: undefined }))).previous;
  const swaps = { swapped: 0, kept: 0, rolled_back: 0 };
  return {
    current: () => set ?? prior,
    previous: () => previous,
    isPrior: () => set === undefined,
    swaps: () => swaps,
    swap: async ({ set: fresh, replacement }) => {
      const mustStay = set !== undefined && !replacement.mayReplace;
      if (mustStay || fresh.id === set?.id) {
        swaps.kept += 1;
        log.info('the models in use stay', { models: set?.id, fresh: fresh.id, reason: replacement.reasons[0] });
        return;
      }
      await keeper.swap(fresh);
      previous = set?.id;
      set = fresh;
      swaps.swapped += 1;
      log.info('new models answer', { models: fresh.id, before: previous ?? 'prior' });
    },
    rollBack: async () => {
      const back = await keeper.rollBack();
      previous = set?.id;
      set = back;
      swaps.rolled_back += 1;
      log.warn('the models before answer again', { models: back.id, before: previous ?? 'prior' });
      return back;
    },
    usePriors: (next) => {
      prior = priorSet(next);
    },
  };
}
