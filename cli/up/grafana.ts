import { accessSync, constants, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../kit/errors.ts';
import { toYaml } from '../generate/yaml.ts';
import { type BuiltApp, readBuiltApp } from '../preview/app-files.ts';
import type { Ports } from './ports.ts';
import type { StartSpec } from './process-group.ts';

export interface GrafanaHome {
  /** Grafana's folder with `conf` and `public`. */
  readonly folder: string;
  readonly program: string;
}

/** The Grafana that the user has in this folder: 12.4 or newer. Throws ConfigError if there is none. */
export function findGrafana(folder: string): GrafanaHome {
  const program = [join(folder, 'bin', 'grafana'), '/usr/sbin/grafana'].find(isExecutable);
  if (program !== undefined && isReadable(join(folder, 'conf', 'defaults.ini'))) return { folder, program };
  throw new ConfigError(
    `--grafana-home ${folder} is no folder of a Grafana: it must hold conf/defaults.ini and bin/grafana, as /usr/share/grafana does where Grafana was installed from a package`,
  );
}

interface GrafanaParts {
  readonly home: GrafanaHome;
  readonly appFolder: string;
  readonly ports: Ports;
  /** Where everything of this stack lies. */
  readonly folder: string;
}

/** Writes what Grafana loads (the app as a plugin, the data source, the connections) and tells how it is started. */
export function prepareGrafana({ home, appFolder, ports, folder }: GrafanaParts): StartSpec {
  const app = readBuiltApp(appFolder);
  if (app === undefined) throw new ConfigError(`--grafana-home needs the built app in ${appFolder}; run npm run build`);
  const own = join(folder, 'grafana');
  for (const part of ['data', 'provisioning/datasources', 'provisioning/plugins'])
    mkdirSync(join(own, part), { recursive: true });
  const plugin = join(own, 'plugins', app.id);
  rmSync(plugin, { recursive: true, force: true });
  cpSync(app.folder, plugin, { recursive: true });
  writeFileSync(join(own, 'grafana.ini'), settings(own, app, ports));
  writeFileSync(join(own, 'provisioning', 'datasources', 'fleetlens.yaml'), toYaml(dataSources(ports), 'fleetlens up'));
  writeFileSync(
    join(own, 'provisioning', 'plugins', 'fleetlens.yaml'),
    toYaml(connections(app, ports), 'fleetlens up'),
  );
  return {
    name: 'Grafana',
    program: home.program,
    args: ['server', `--homepath=${home.folder}`, `--config=${join(own, 'grafana.ini')}`],
    logFile: join(folder, 'logs', 'grafana.log'),
    readyUrl: `http://127.0.0.1:${ports.grafana}/api/health`,
  };
}

/** On loopback only, without signing in, and without a word to anybody outside. The plugin is not signed, so each of its parts is named. */
function settings(own: string, app: BuiltApp, ports: Ports): string {
  return `[server]
http_addr = 127.0.0.1
http_port = ${ports.grafana}

[paths]
data = ${join(own, 'data')}
logs = ${join(own, 'data', 'log')}
plugins = ${join(own, 'plugins')}
provisioning = ${join(own, 'provisioning')}

[plugins]
allow_loading_unsigned_plugins = ${[...app.plugins.keys()].join(',')}

[auth.anonymous]
enabled = true
org_role = Admin

[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false

[news]
news_feed_enabled = false
`;
}

function dataSources(ports: Ports) {
  const prometheus = {
    name: 'Prometheus',
    uid: 'prometheus',
    type: 'prometheus',
    access: 'proxy',
    url: `http://127.0.0.1:${ports.prometheus}`,
    isDefault: true,
    jsonData: { timeInterval: '5s' },
  };
  return { apiVersion: 1, datasources: [prometheus] };
}

function connections({ id }: BuiltApp, ports: Ports) {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const jsonData = {
    cmdbUrl: at(ports.cmdb),
    billingUrl: at(ports.billing),
    predictionUrl: at(ports.prediction),
    alertmanagerUrl: at(ports.alertmanager),
  };
  return { apiVersion: 1, apps: [{ type: id, org_id: 1, disabled: false, jsonData }] };
}

function isExecutable(file: string): boolean {
  return mayBe(file, constants.X_OK);
}

function isReadable(file: string): boolean {
  return mayBe(file, constants.R_OK);
}

function mayBe(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
