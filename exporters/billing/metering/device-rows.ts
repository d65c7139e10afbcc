import { exact, times as product, shareOf } from '../exact.ts';
import type { ExactQuantity, Holder, Share, UsageKey, UsageState } from '../usage.ts';
import type { DeviceInput } from './accrual.ts';
import { canonicalHolder, keyOfUsage } from './canonical.ts';
import type { Moment } from './device-sweep.ts';
import { type Unit, unitsOf } from './device-units.ts';
import type { Held } from './held-spans.ts';

export interface GpuSettings {
  /** Usage of holders in these namespaces is of the system. */
  readonly systemNamespaces: readonly string[];
  /** Two holders at once for no longer than this are a lag of the source and no error. Default: `defaultLagMs`. */
  readonly toleranceMs?: number | undefined;
  /** Part of the GPU by `model/profile` or `profile`, before the one that follows from the slices. */
  readonly migShares?: Readonly<Record<string, Share>> | undefined;
}

/** A key of which a device has usage, and its text for sorting. The same key is the same object. */
export interface Row {
  readonly key: UsageKey;
  readonly text: string;
}

/** `times`: how often it is there at once, such as two free replicas. */
export interface Counted {
  readonly row: Row;
  readonly times: number;
}

interface What {
  readonly state: UsageState;
  readonly reason: string;
  readonly holder: Holder;
}

const nobody: Holder = Object.freeze({});

/** The rows of a device at a moment. */
export function createRows(
  device: DeviceInput,
  settings: GpuSettings,
  report: (problem: string) => void,
): (moment: Moment) => readonly Counted[] {
  const units = unitsOf(device, settings.migShares, report);
  const rows = new Map<string, Row>();
  const usedBy = new Map<Held, What>();

  function rowOf({ resource, sku }: Unit, { state, reason, holder }: What, share: ExactQuantity): Row {
    const { cluster, node } = device;
    const key = { meter: 'gpu_time', cluster, node, resource, sku, state, reason, holder, share: shareOf(share) };
    const text = keyOfUsage(key);
    const row = rows.get(text) ?? { key, text };
    rows.set(text, row);
    return row;
  }

  function usageOf(held: Held): What {
    const known = usedBy.get(held);
    if (known !== undefined) return known;
    const holder = canonicalHolder(held.holding.holder);
    const isSystem = settings.systemNamespaces.includes(holder['namespace'] ?? '');
    const what: What = { state: isSystem ? 'system' : 'used', reason: '', holder };
    usedBy.set(held, what);
    return what;
  }

  function holdersOf(unit: Unit, { holders, replicas }: Moment): readonly (Counted & { readonly taken: number })[] {
    const counted: (Counted & { readonly taken: number })[] = [];
    for (const { held, times } of holders) {
      if (held.holding.gpuInstanceId !== unit.gpuInstanceId) continue;
      const has = replicas === 1 ? 1 : (held.holding.replicas ?? 1);
      const share = product(unit.share, exact(BigInt(has), BigInt(replicas)));
      counted.push({ row: rowOf(unit, usageOf(held), share), times, taken: has * times });
    }
    return counted;
  }

  /** Its holders, and what of it nobody has. */
  function rowsOfUnit(unit: Unit, moment: Moment): readonly Counted[] {
    const { replicas, isInstalled, unavailable } = moment;
    const counted = holdersOf(unit, moment);
    const free = replicas - counted.reduce((sum, { taken }) => sum + taken, 0);
    if (free <= 0 || !isInstalled) return counted;
    const what = freeAs(unavailable, replicas === 1 ? 'unassigned' : 'unused_replica');
    if (unavailable !== undefined && free === replicas) return [{ row: rowOf(unit, what, unit.share), times: 1 }];
    const share = product(unit.share, exact(1n, BigInt(replicas)));
    return [...counted, { row: rowOf(unit, what, share), times: free }];
  }

  function rowsOfRest(rest: Unit | undefined, { isInstalled, unavailable }: Moment): readonly Counted[] {
    if (rest === undefined || !isInstalled) return [];
    return [{ row: rowOf(rest, freeAs(unavailable, 'unassigned'), rest.share), times: 1 }];
  }

  return (moment) => {
    const { instances, holders } = moment;
    const isHeldWhole = holders.some(({ held }) => held.holding.gpuInstanceId === '');
    if (!isHeldWhole && instances.size === 0) return rowsOfUnit(units.whole, moment);
    if (!isHeldWhole) {
      const divided = units.divided(instances);
      return [...divided.instances.flatMap((unit) => rowsOfUnit(unit, moment)), ...rowsOfRest(divided.rest, moment)];
    }
    // Who has all of it leaves nothing: holders of instances at the same time are too many.
    const isHeld = (unit: Unit): boolean =>
      holders.some(({ held }) => held.holding.gpuInstanceId === unit.gpuInstanceId);
    const tooMany = units.divided(instances).instances.filter(isHeld);
    return [units.whole, ...tooMany].flatMap((unit) => rowsOfUnit(unit, moment));
  };
}

function freeAs(unavailable: string | undefined, idle: string): What {
  return unavailable === undefined
    ? { state: 'idle', reason: idle, holder: nobody }
    : { state: 'unavailable', reason: unavailable, holder: nobody };
}
