import type { Language } from '../message.ts';
import { english } from './en.ts';
import type { Texts } from './texts.ts';
import { chinese } from './zh.ts';

const byLanguage: Readonly<Record<Language, Texts>> = { en: english, zh: chinese };

export function textsOf(language: Language): Texts {
  return byLanguage[language];
}

/** The word for a value of a label; the value itself where there is none, as for a team that the site made up. */
export function wordFor(words: Readonly<Record<string, string>>, value: string): string {
  return Object.hasOwn(words, value) ? (words[value] ?? value) : value;
}
