import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { scrapedEngines } from '../../cli/generate/engine-jobs.ts';
import { engineLabel, modelAnnotation } from '../../cli/generate/engine-monitors.ts';
import { engineRelabelling } from '../../cli/generate/engine-relabel.ts';
import { parseEnginesFile } from '../../exporters/inference/engines/engines-file.ts';
import { engineKinds, engines } from '../../metrics/engines/index.ts';
import { tableRows } from '../laws/documents.ts';
import { codeBlocks } from './code-blocks.ts';

const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'guides', 'inference-engines.md'), 'utf8');
const blocks = codeBlocks(guide, 'yaml');

function block(beginning: string): string {
  const found = blocks.find((text) => text.includes(beginning));
  if (found === undefined) throw new Error(`no block with ${beginning}`);
  return found;
}

test('the file of engines in the guide is taken', () => {
  const parsed = parseEnginesFile('engines.yaml', block('engines:'));
  expect(parsed.map(({ name, kind }) => [name, kind])).toEqual([
    ['triton-0', 'triton'],
    ['ollama-desk', 'ollama'],
    ['llama-edge', 'llamacpp'],
  ]);
});

test('the kinds of the guide are those that there are', () => {
  const named = tableRows(guide, 'Key').find(([key]) => key === '`kind`')?.[1] ?? '';
  expect([...named.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)).toEqual([...engineKinds]);
});

test('the steps of the guide are among those of the job, in the same order', () => {
  const shown = load(block('metric_relabel_configs')) as { readonly metric_relabel_configs: readonly object[] };
  const real = engineRelabelling(engines.vllm, 'present').map((step) =>
    // What Prometheus takes by default is not said in the guide.
    JSON.stringify(step.replacement === '$1' ? { ...step, replacement: undefined } : step),
  );
  const places = shown.metric_relabel_configs.map((step) => real.indexOf(JSON.stringify(step)));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('label and annotation of pods are those of the PodMonitors', () => {
  const { metadata } = load(block('metadata:')) as {
    readonly metadata: Readonly<Record<'labels' | 'annotations', Readonly<Record<string, string>>>>;
  };
  expect(scrapedEngines.map(({ id }) => id)).toContain(metadata.labels[engineLabel]);
  expect(Object.keys(metadata.annotations)).toEqual([modelAnnotation]);
});
