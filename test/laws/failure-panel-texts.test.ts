import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, '../../grafana-plugin/src');
const panel = join(source, 'panels/failureprediction');

/** Keys of texts with what stands in braces, out of the code of the panel and of what it shows of services. */
function textsInCode(): Map<string, readonly string[]> {
  const own = readdirSync(panel, { recursive: true, encoding: 'utf8' }).map((file) => join(panel, file));
  const files = [...own, join(source, 'services/service-name.ts'), join(source, 'states/problem-text.ts')];
  const found = new Map<string, readonly string[]>();
  for (const file of files.filter((each) => /\.tsx?$/.test(each))) {
    const pattern = /\bt\(\s*'([\w.]+)',\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;
    for (const [, key = '', single, double] of readFileSync(file, 'utf8').matchAll(pattern))
      found.set(key, bracesOf(single ?? double ?? ''));
  }
  return found;
}

function bracesOf(text: string): readonly string[] {
  return [...new Set(text.match(/{{\w+}}/g) ?? [])].sort();
}

function flat(texts: object, before = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === 'string') found.set(before + name, value);
    else for (const [key, text] of flat(value, `${before}${name}.`)) found.set(key, text);
  }
  return found;
}

const wanted = textsInCode();
const known = flat(
  JSON.parse(readFileSync(join(panel, 'locales/zh-Hans/fleetlens-failureprediction-panel.json'), 'utf8')),
);

test('each text of the panel is there in Chinese, with the same values in it', () => {
  expect(wanted.size).toBeGreaterThan(150);
  const missing = [...wanted.keys()].filter((key) => !known.has(key));
  expect(missing).toEqual([]);
  for (const [key, braces] of wanted) expect([key, bracesOf(known.get(key) ?? '')]).toEqual([key, braces]);
});

test('no Chinese text is left over', () => {
  const usedElsewhere = /^(problem|service)\./;
  expect([...known.keys()].filter((key) => !wanted.has(key) && !usedElsewhere.test(key))).toEqual([]);
});
