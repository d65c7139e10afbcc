import type { AlertTheme } from './alert.ts';
import { alertThemes } from './alerts/index.ts';
import { profileThemes } from './profiles/index.ts';

/** Every theme, those on the series of other exporters last. */
export const allThemes: readonly AlertTheme[] = [...alertThemes, ...profileThemes];
