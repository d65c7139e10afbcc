import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { predictionFileKeys, readPredictionFile } from '../../exporters/prediction/prediction-file/prediction-file.ts';
import { parseYaml } from '../../kit/yaml.ts';
import { root } from '../laws/documents.ts';
import { codeBlocks } from './code-blocks.ts';

const folder = join(root, 'docs/guides');
const blocks = readdirSync(folder)
  .filter((name) => name.startsWith('prediction'))
  .flatMap((name) =>
    codeBlocks(readFileSync(join(folder, name), 'utf8'), 'yaml').map((text) => ({
      name,
      text,
      document: parseYaml(name, text),
    })),
  )
  .filter(({ document }) => Object.keys(document ?? {}).some((key) => predictionFileKeys.includes(key)));

test('there is a file to begin with', () => {
  expect(blocks.some(({ document }) => Object.hasOwn(document ?? {}, 'sources'))).toBe(true);
});

test.each(blocks.map(({ name, text, document }) => [name, text, document] as const))(
  '%s shows a file that the service takes: %s',
  (name, text, document) => {
    const hasSources = Object.hasOwn(document ?? {}, 'sources');
    const whole = hasSources ? text : `sources: [{name: main, url: "http://prometheus:9090"}]\n${text}`;
    expect(() => readPredictionFile(name, (path) => (path === name ? whole : 'secret'))).not.toThrow();
  },
);
