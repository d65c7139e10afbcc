/** For values of texts: React escapes them, so i18next must not, or `a/b` would be shown as `a&#x2F;b`. */
export const asIs = { interpolation: { escapeValue: false } } as const;
