import { join } from 'node:path';
import { readTexts, textFile, textOwners } from '../../scripts/texts/app-texts.ts';

const root = join(import.meta.dirname, '../..');
/** Called the same in Chinese. */
const properNames = new Set([
  'Prometheus',
  'Alertmanager',
  'PDF',
  'CSV',
  'JSON',
  'HTML',
  'GPU',
  'Token',
  'UUID',
  'IP',
  'BIOS',
  'BMC',
  'PDU',
]);

describe.each(textOwners(root).map((owner) => [owner.id, owner] as const))('%s', (_id, owner) => {
  const { english } = owner;
  const chinese = readTexts(root, textFile(owner, 'zh-Hans'));

  test('every text of the code has a Chinese one', () => {
    expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([]);
  });

  test('no Chinese text is left over', () => {
    expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([]);
  });

  test('both have the same placeholders and elements', () => {
    const differing = [...english].filter(([key, text]) => marks(text) !== marks(chinese.get(key) ?? text));
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('no English was left as Chinese', () => {
    const untranslated = [...chinese].filter(([, text]) => !isChinese(text));
    expect(untranslated.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });
});

function marks(text: string): string {
  return [...text.matchAll(/\{\{\s*(\w+)\s*\}\}|<\/?\d+\/?>/g)]
    .map(([mark]) => mark.replace(/\s/g, ''))
    .sort()
    .join();
}

function isChinese(text: string): boolean {
  if (/\p{Script=Han}/u.test(text)) return true;
  const words = text.replace(/\{\{.*?\}\}/g, '').match(/[A-Za-z]+/g) ?? [];
  return words.every((word) => properNames.has(word));
}
