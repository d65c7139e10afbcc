import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findGrafana, prepareGrafana } from '../../../cli/up/grafana.ts';
import type { Ports } from '../../../cli/up/ports.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { pluginFolder } from '../../support/grafana-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-grafana-'));
const home = join(folder, 'home');
const ports = {
  prometheus: 9090,
  alertmanager: 9093,
  cmdb: 9412,
  billing: 9413,
  prediction: 9414,
  grafana: 3000,
} as unknown as Ports;

beforeAll(() => {
  for (const part of ['bin', 'conf']) mkdirSync(join(home, part), { recursive: true });
  writeFileSync(join(home, 'bin', 'grafana'), '#!/bin/sh\n');
  chmodSync(join(home, 'bin', 'grafana'), 0o755);
  writeFileSync(join(home, 'conf', 'defaults.ini'), '');
  // The sources lie as the build lays them, so they stand in for it.
  cpSync(join(pluginFolder, 'src'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => /src$|panels|plugin\.json$/.test(path),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const prepared = () => prepareGrafana({ home: findGrafana(home), appFolder: join(folder, 'dist'), ports, folder });

test('a folder that holds no Grafana is refused with what it must hold', () => {
  expect(() => findGrafana(join(folder, 'nothing'))).toThrow(
    /no folder of a Grafana: it must hold conf\/defaults.ini and bin\/grafana/,
  );
});

test('Grafana is started from its own folder with our settings', () => {
  const { program, args, readyUrl } = prepared();
  expect(program).toBe(join(home, 'bin', 'grafana'));
  expect(args).toEqual(['server', `--homepath=${home}`, `--config=${join(folder, 'grafana', 'grafana.ini')}`]);
  expect(readyUrl).toBe('http://127.0.0.1:3000/api/health');
});

test('the app lies in the folder of plugins, and each of its parts may be loaded without a signature', () => {
  prepared();
  expect(existsSync(join(folder, 'grafana', 'plugins', 'fleetlens-gpucluster-app', 'plugin.json'))).toBe(true);
  const ini = readFileSync(join(folder, 'grafana', 'grafana.ini'), 'utf8');
  expect(ini).toContain(
    'allow_loading_unsigned_plugins = fleetlens-gpucluster-app,fleetlens-cmdblookup-panel,fleetlens-failureprediction-panel\n',
  );
  expect(ini).toContain('http_addr = 127.0.0.1\n');
});

test('Prometheus and the connections of the app are provisioned', () => {
  prepared();
  const read = (path: string) => parseYaml(path, readFileSync(join(folder, 'grafana', 'provisioning', path), 'utf8'));
  expect(read('datasources/fleetlens.yaml')).toMatchObject({
    datasources: [{ type: 'prometheus', url: 'http://127.0.0.1:9090', isDefault: true }],
  });
  expect(read('plugins/fleetlens.yaml')).toMatchObject({
    apps: [{ type: 'fleetlens-gpucluster-app', disabled: false, jsonData: { cmdbUrl: 'http://127.0.0.1:9412' } }],
  });
});

test('an app that is not built is told with the remedy', () => {
  expect(() => prepareGrafana({ home: findGrafana(home), appFolder: join(folder, 'no-app'), ports, folder })).toThrow(
    /npm run build/,
  );
});
