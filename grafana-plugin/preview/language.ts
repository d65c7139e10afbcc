import i18next from 'i18next';

/** Grafana starts its translations in the language of the user; plugins then ask for theirs. */
export async function changeLanguage(language: string): Promise<void> {
  // A language without any text counts as none, and plugins would be asked for English.
  i18next.addResourceBundle(language, 'preview', { language });
  await i18next.changeLanguage(language);
}
