import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind, Metric } from '../../metrics/define.ts';
import { nodeExporter } from '../../metrics/external.ts';

const catalogueFolder = join(import.meta.dirname, '..', '..', 'metrics', 'vendors');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'vendors');

/** Those of GPUs have a page for each version, which the test of the profiles reads. */
const others = ['index.ts', 'dcgm.ts', 'amd.ts'];

/** The names of the files, which are those of the folders with their scrapes. */
const exporters = readdirSync(catalogueFolder)
  .filter((file) => !others.includes(file))
  .map((file) => file.replace(/\.ts$/, ''));

const types: Readonly<Record<Kind, readonly string[]>> = {
  counter: ['counter', 'untyped'],
  gauge: ['gauge', 'untyped'],
  histogram: ['histogram'],
  info: ['gauge'],
};

async function metricsOf(exporter: string): Promise<readonly Metric[]> {
  const module: Readonly<Record<string, Readonly<Record<string, Metric>>>> = await import(
    join(catalogueFolder, `${exporter}.ts`)
  );
  return Object.values(module).flatMap((metrics) => Object.values(metrics));
}

function pageOf(exporter: string): readonly string[] {
  return readFileSync(join(fixtures, exporter, 'metrics.prom'), 'utf8').split('\n');
}

describe.each(exporters)('%s', (exporter) => {
  const page = pageOf(exporter);

  test('every series of the catalogue is on the page of the exporter, of its kind and with its labels', async () => {
    const metrics = await metricsOf(exporter);
    expect(metrics).not.toEqual([]);
    for (const { name, kind, labels } of metrics) {
      const shown = kind === 'histogram' ? `${name}_bucket` : name;
      const samples = page.filter((line) => line.startsWith(`${shown}{`) || line.startsWith(`${shown} `));
      expect({ name, samples }).not.toEqual({ name, samples: [] });
      const type = page.find((line) => line.startsWith(`# TYPE ${name} `))?.split(' ')[3] ?? '';
      expect({ name, types: types[kind] }).toEqual({ name, types: expect.arrayContaining([type]) });
      for (const sample of samples) {
        const own = [...sample.matchAll(/[{,](\w+)="/g)].map(([, label]) => label);
        expect({ sample, own }).toEqual({ sample, own: expect.arrayContaining([...labels]) });
      }
    }
  });

  test('the page holds nothing that the catalogue does not', async () => {
    const names = (await metricsOf(exporter)).map(({ name }) => name);
    const typed = page.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2]);
    expect(names).toEqual(expect.arrayContaining(typed));
  });
});

test('what tells what a machine is and what tells how it is are two catalogues without a series in both', async () => {
  const names = (await metricsOf('node-exporter')).map(({ name }) => name);
  expect(names.filter((name) => name in nodeExporter)).toEqual([]);
});
