import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../generate/yaml.ts';
import { simulatedCluster, simulatedClusterName } from '../simulate/cluster.ts';
import { simulatedDriver } from '../simulate/kubernetes/simulated-nodes.ts';
import { lldpFiles } from '../simulate/site/lldp-files.ts';
import { simulatedSite } from '../simulate/site/simulated-site.ts';
import { siteFile } from '../simulate/site/site-file.ts';
import type { SimulatedInventory } from '../simulate/site/start-simulated-inventory.ts';
import type { Ports } from './ports.ts';

export { type SimulatedInventory, startSimulatedInventory } from '../simulate/site/start-simulated-inventory.ts';

/** Often, so that a newcomer does not wait. */
const every = '5s';

interface Place {
  readonly folder: string;
  readonly ports: Ports;
}

/** Writes what the CMDB of the stack is told, and what it reads from files; gives its options. */
export function writeInventory({ folder, ports }: Place, simulated: SimulatedInventory | undefined): readonly string[] {
  const home = join(folder, 'inventory');
  mkdirSync(join(home, 'lldp'), { recursive: true });
  const file = {
    sources: [
      ...(simulated === undefined ? [] : simulatedSources(home, simulated)),
      { type: 'prometheus', every, url: `http://127.0.0.1:${ports.prometheus}` },
    ],
    alertmanager: { url: `http://127.0.0.1:${ports.alertmanager}` },
    expectations: simulated === undefined ? [] : [simulatedExpectation(simulated)],
  };
  writeFileSync(join(home, 'cmdb.yml'), toYaml(file, 'fleetlens up'));
  return [
    `--web.listen-address=127.0.0.1:${ports.cmdb}`,
    `--cmdb.file=${join(home, 'cmdb.yml')}`,
    `--store.folder=${join(home, 'database')}`,
  ];
}

function simulatedSources(home: string, simulated: SimulatedInventory): readonly object[] {
  const { key, tenants, kubernetesUrl, bmcs, user, password } = simulated;
  const site = simulatedSite(simulatedCluster(key.nodes));
  writeFileSync(join(home, 'site.yml'), toYaml({ items: siteFile(site, tenants) }, 'fleetlens up'));
  for (const [node, table] of lldpFiles(site)) {
    writeFileSync(join(home, 'lldp', `${node}.json`), `${JSON.stringify(table, null, 2)}\n`);
  }
  const [userFile, passwordFile] = [join(home, 'bmc-user'), join(home, 'bmc-password')];
  writeFileSync(userFile, user, { mode: 0o600 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  return [
    { type: 'file', name: 'site', every, files: [join(home, 'site.yml')] },
    { type: 'kubernetes', every, url: kubernetesUrl, cluster: simulatedClusterName },
    { type: 'redfish', every, bmcs, user_file: userFile, password_file: passwordFile, sensors_every: every },
    { type: 'lldp', every, files: [join(home, 'lldp', '*.json')] },
  ];
}

/** As the simulated fleet is bought. */
function simulatedExpectation({ key }: SimulatedInventory): object {
  return {
    match: { class: 'server', role: 'gpu' },
    gpus: key.gpus,
    baseline: { driver_version: simulatedDriver.join('.') },
  };
}
