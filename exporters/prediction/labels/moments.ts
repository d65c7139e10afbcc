import type { FeatureTable } from '../features/feature-table.ts';

/** Which entity at which moment, row by row: what labels, scores and outcomes are about. Every feature table is one. */
export type Moments = Pick<FeatureTable, 'entities' | 'entity' | 'atMs'>;
