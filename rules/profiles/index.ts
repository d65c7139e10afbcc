import type { AlertTheme } from '../alert.ts';
import { amdThemes } from './amd.ts';
import { dcgmThemes } from './dcgm.ts';

/**
 * Our alerts on series of other exporters, by profile. An alert has the name that it has on ours: whoever has both exporters on
 * one GPU is told once, since all labels are the same.
 */
export const profileThemes: readonly AlertTheme[] = [...dcgmThemes, ...amdThemes];
