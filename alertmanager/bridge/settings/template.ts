import type { Place } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** Names of the placeholders `{{name}}` in a template. */
export function placeholdersIn(template: string): readonly string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

export function filled(template: string, show: (name: string) => string): string {
  return template.replaceAll(placeholder, (_whole, name: string) => show(name));
}

/** Throws ConfigError that names the placeholder and those that there are. */
export function checkPlaceholders(template: string, { where }: Place, known: readonly string[]): void {
  const unknown = placeholdersIn(template).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const allowed = known.map((name) => `{{${name}}}`).join(', ');
  throw new ConfigError(`${where} has the unknown placeholder {{${unknown}}}; it may have ${allowed || 'none'}`);
}

export const encodings = ['json', 'form', 'text'] as const;
export type Encoding = (typeof encodings)[number];

export const contentTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
};

/** Values as they may stand in the body without ending the string or the parameter that they stand in. */
export const encoders: Readonly<Record<Encoding, (text: string) => string>> = {
  json: (text) => JSON.stringify(text).slice(1, -1),
  form: encodeURIComponent,
  text: (text) => text,
};
