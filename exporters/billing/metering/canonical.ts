import type { Usage, UsageKey } from '../usage.ts';

/** The same for keys of the same thing, in whatever order their holder was written. */
export declare function keyOfUsage(key: UsageKey): string;
/** One for each key, without quantity 0, sorted. */
export declare function mergeUsages(usages: readonly Usage[]): readonly Usage[];
export declare function canonicalUsages(usages: readonly Usage[]): string;
/** SHA-256 in hex. */
export declare function hashOfUsages(usages: readonly Usage[]): string;
