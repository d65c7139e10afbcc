import { textsInSource } from '../../scripts/texts/texts-in-source.ts';

test('finds calls and elements with their English, also over several lines and within each other', () => {
  const source = `
    const title = t('a.title', 'It\\'s {{count}} rows', { count });
    const more = t(
      'a.more',
      "There is more" ,
    );
    const page = <p title={t('a.hint', 'Hint')}><Trans i18nKey="a.rich">Ask <b>an admin</b> of {{ place }}</Trans></p>;
    const other = count('no', 'text');`;
  expect(textsInSource(source, 'page.tsx')).toEqual([
    { key: 'a.title', english: "It's {{count}} rows" },
    { key: 'a.more', english: 'There is more' },
    { key: 'a.hint', english: 'Hint' },
    { key: 'a.rich', english: 'Ask <1>an admin</1> of {{place}}' },
  ]);
});

test.each([
  ['a key that is made up while it runs', 't(`a.${name}`, "Text")'],
  ['a text without English', "t('a.b')"],
])('refuses %s', (_name, source) => {
  expect(() => textsInSource(source, 'page.ts')).toThrow('page.ts: t() needs a key and an English text, both literal');
});
