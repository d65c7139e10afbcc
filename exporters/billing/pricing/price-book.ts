import type { Glob } from '../glob.ts';
import type { ExactQuantity } from '../usage.ts';
import type { Decimal } from './decimal.ts';
import type { IdlePolicy } from './idle-policy.ts';
import type { Validity } from './read-values.ts';

export interface PriceBook {
  /** ISO 4217. */
  readonly currency: string;
  readonly prices: readonly Price[];
  readonly conversions: readonly Conversion[];
  readonly idle: readonly IdlePolicy[];
}

/** What units of a meter cost, for the SKUs and the time that it is for. */
export interface Price {
  /** Its place in the file, such as prices[3]. */
  readonly id: string;
  /** The same when lines of the file move: meter, SKU, cluster, currency and when it begins. */
  readonly key: string;
  /** With the name of the file, for errors. */
  readonly where: string;
  readonly meter: string;
  /** Matches every SKU, and none, where the file gives none. */
  readonly sku: Glob;
  readonly cluster: string | undefined;
  readonly currency: string;
  readonly validity: Validity;
  readonly timeZone: string;
  readonly model: PriceModel;
  readonly idlePrice: Decimal | undefined;
  /** They do not overlap. Only of model unit. */
  readonly slots: readonly Slot[];
}

export type PriceModel = UnitModel | PackageModel | TieredModel;

export interface UnitModel {
  readonly kind: 'unit';
  readonly price: Decimal;
}

/** Each package that is begun is paid as a whole. */
export interface PackageModel {
  readonly kind: 'package';
  readonly price: Decimal;
  readonly size: ExactQuantity;
}

/** graduated: each unit at the price of the tier that it falls in. volume: all units at the price of the tier that the period reaches. */
export interface TieredModel {
  readonly kind: 'graduated' | 'volume';
  readonly tiers: readonly Tier[];
}

export interface Tier {
  /** Units of the period up to which it goes, themselves in it; undefined for the last. */
  readonly upTo: ExactQuantity | undefined;
  readonly price: Decimal;
  /** Paid once when the tier is entered. */
  readonly flat: Decimal;
}

/** Hours of the week at which another price holds. */
export interface Slot {
  readonly name: string;
  /** Of the local day on which it begins: 0 Sunday to 6 Saturday. */
  readonly days: readonly number[];
  /** Minutes from local midnight; an end that is not after the beginning is on the next day. */
  readonly fromMinute: number;
  readonly untilMinute: number;
  readonly price: Decimal;
}

/** What one unit of `from` is in `to`. */
export interface Conversion {
  readonly where: string;
  readonly from: string;
  readonly to: string;
  readonly rate: Decimal;
  readonly validity: Validity;
}
