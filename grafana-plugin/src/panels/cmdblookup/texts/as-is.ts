/** For names in texts: React escapes what it shows, so that the translations must not do it, too. */
export const asIs = { interpolation: { escapeValue: false } } as const;
