/** Sets of metric names that can be shown side by side. */
export const nameSets = ['native', 'dcgm-4.8', 'dcgm-4.9'] as const;
export type NameSet = (typeof nameSets)[number];
