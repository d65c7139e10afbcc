import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeOptions } from '../../alertmanager/bridge/options.ts';
import { previewOptions } from '../../cli/preview/options.ts';
import { billingOptions } from '../../exporters/billing/options.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import { gpuOptions } from '../../exporters/gpu/options.ts';
import { inferenceOptions } from '../../exporters/inference/options.ts';
import { predictionOptions } from '../../exporters/prediction/options.ts';
import { trainingOptions } from '../../exporters/training/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { readDeployFile, root } from './manifests.ts';

const instructions = readDeployFile('Dockerfile')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const manifest: { readonly scripts: Readonly<Record<string, string>>; readonly engines: { readonly node: string } } =
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function all(instruction: string): readonly string[] {
  return instructions.flatMap((line) =>
    line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1)] : [],
  );
}

test('both stages have a Node.js that the package allows, with glibc', () => {
  const [, least = ''] = /^>=(\d+)\./.exec(manifest.engines.node) ?? [];
  const images = all('FROM').map((from) => from.replace(/ AS \w+$/, ''));
  expect(images).toHaveLength(2);
  expect(new Set(images)).toEqual(new Set([`node:${least}-bookworm-slim`]));
});

test('the files that it copies from the checkout are there, and none of them is ignored', () => {
  const [first = ''] = all('COPY').filter((copy) => !copy.startsWith('--from='));
  const copied = first.split(' ').slice(0, -1);
  const ignored = readDeployFile('Dockerfile.dockerignore').trim().split('\n');
  expect(copied.length).toBeGreaterThan(0);
  expect(copied.filter((file) => !existsSync(join(root, file)) || ignored.includes(file))).toEqual([]);
});

test('it runs npm scripts that exist', () => {
  const names = all('RUN').flatMap((run) => [...run.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
  expect(names).not.toEqual([]);
  expect(names.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
});

test('the image has what a node needs, and starts the exporter without being root', () => {
  const kept = all('COPY').filter((copy) => copy.startsWith('--from=build'));
  expect(kept.map((copy) => copy.split(' ')[1])).toEqual(
    ['package.json', 'node_modules', 'dist', 'grafana-plugin/dist', 'grafana-plugin/dist-preview/g13'].map(
      (name) => `/build/${name}`,
    ),
  );
  expect(all('USER')).toEqual(['node']);
  expect(all('ENTRYPOINT')).toEqual(['["node", "/opt/fleetlens/dist/cli/main.js"]']);
  expect(all('CMD')).toEqual(['["gpu"]']);
});

test('it names the ports that its daemons listen on for other machines', () => {
  const nothing = { argv: [], env: {}, readFile: () => '' };
  const proxy = parseOptions(inferenceOptions, nothing);
  const addresses = [
    parseOptions(gpuOptions, nothing)['web.listen-address'],
    parseOptions(trainingOptions, nothing)['web.listen-address'],
    proxy['web.listen-address'],
    parseOptions(cmdbOptions, nothing)['web.listen-address'],
    parseOptions(billingOptions, nothing)['web.listen-address'],
    parseOptions(predictionOptions, nothing)['web.listen-address'],
    parseOptions(bridgeOptions, nothing)['web.listen-address'],
    proxy['proxy.listen-address'],
    parseOptions(previewOptions, nothing)['web.listen-address'],
  ];
  expect(all('EXPOSE')).toEqual([addresses.map(({ port }) => port).join(' ')]);
});
