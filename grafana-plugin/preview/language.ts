import i18next from 'i18next';

/** Grafana starts its translations in the language of the user; plugins then ask for theirs. */
export async function changeLanguage(language: string): Promise<void> {
  await i18next.changeLanguage(language);
}
