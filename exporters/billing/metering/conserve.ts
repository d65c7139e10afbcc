import type { Conservation, Usage } from '../usage.ts';

/** Adds up every row of gpu_time anew. `installedMs` by UUID, within the window. */
export declare function conserve(usages: readonly Usage[], installedMs: ReadonlyMap<string, number>): Conservation;
