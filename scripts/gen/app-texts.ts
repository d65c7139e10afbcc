import { textFile, textOwners } from '../texts/app-texts.ts';

/** English as it stands in the code, in the files that Grafana and translators read. */
export function generatedAppTexts(root: string): readonly (readonly [path: string, text: string])[] {
  return textOwners(root).map((owner) => [
    textFile(owner, 'en-US'),
    `${JSON.stringify(nested(owner.english), undefined, 2)}\n`,
  ]);
}

interface Tree {
  [key: string]: string | Tree;
}

/** Throws if a key has a text and keys below it. */
function nested(texts: ReadonlyMap<string, string>): Tree {
  const root: Tree = {};
  for (const [key, text] of texts) {
    const names = key.split('.');
    const last = names.pop() ?? '';
    let at = root;
    for (const name of names) {
      const below = at[name] ?? {};
      if (typeof below === 'string') throw new Error(`${key}: there is a text at ${name}`);
      at[name] = below;
      at = below;
    }
    if (at[last] !== undefined) throw new Error(`${key}: there are keys below it`);
    at[last] = text;
  }
  return root;
}
