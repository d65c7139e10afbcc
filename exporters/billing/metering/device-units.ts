import { exact, minus, nothing, one, plus } from '../exact.ts';
import type { ExactQuantity } from '../usage.ts';
import type { DeviceInput } from './accrual.ts';
import { type MigShares, normalised, shareOfProfile } from './mig-share.ts';

/** What of a GPU can be had for itself: the whole of it, an instance, or what no instance takes. */
export interface Unit {
  readonly gpuInstanceId: string;
  readonly resource: string;
  readonly sku: string;
  readonly share: ExactQuantity;
}

export interface Units {
  readonly whole: Unit;
  /** Instances that exist at once, in their order, and what is left of the GPU; by number of the instance and profile. */
  readonly divided: (instances: ReadonlyMap<string, string>) => {
    readonly instances: readonly Unit[];
    /** Undefined where nothing is left. */
    readonly rest: Unit | undefined;
  };
}

/** For an instance of which nobody knows how large it is: the smallest there is. */
const unknownShare = exact(1n, 7n);

export function unitsOf(
  { uuid, model }: DeviceInput,
  migShares: MigShares | undefined,
  report: (problem: string) => void,
): Units {
  const whole: Unit = { gpuInstanceId: '', resource: uuid, sku: model, share: one };
  const known = new Map<string, ReturnType<Units['divided']>>();

  function shareOrReport(profile: string): ExactQuantity {
    const share = shareOfProfile(model, profile, migShares);
    if (share === undefined)
      report(
        `MIG profile ${JSON.stringify(profile)} of ${model} tells no slices, so an instance counts as 1/7 of the GPU; set its part by mig_shares of the source`,
      );
    return share ?? unknownShare;
  }

  function divide(instances: ReadonlyMap<string, string>): ReturnType<Units['divided']> {
    const entries = [...instances].sort(([left], [right]) => (left < right ? -1 : 1));
    const shares = normalised(entries.map(([, profile]) => shareOrReport(profile)));
    const rest = minus(one, shares.reduce(plus, nothing));
    return {
      instances: entries.map(([gpuInstanceId, profile], at) => ({
        gpuInstanceId,
        resource: `${uuid}/${gpuInstanceId}`,
        sku: `${model} MIG ${profile}`.trimEnd(),
        share: shares[at] ?? nothing,
      })),
      rest: rest.num > 0n ? { ...whole, share: rest } : undefined,
    };
  }

  return {
    whole,
    divided: (instances) => {
      const id = JSON.stringify([...instances]);
      const units = known.get(id) ?? divide(instances);
      known.set(id, units);
      return units;
    },
  };
}
