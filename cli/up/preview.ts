import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder, hostFolder, readBuiltApp } from '../preview/app-files.ts';
import { type Preview, startPreview } from '../preview/start-preview.ts';
import type { Ports } from './ports.ts';

/** A package without the built app works, and shows none. */
export function hasBuiltApp(): boolean {
  return readBuiltApp(appFolder) !== undefined && existsSync(join(hostFolder, 'host.js'));
}

/** The Grafana app on the programs of the stack; undefined where it is not built. */
export async function startStackPreview(ports: Ports): Promise<Preview | undefined> {
  const app = readBuiltApp(appFolder);
  if (app === undefined || !hasBuiltApp()) return undefined;
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return startPreview({
    address: { host: '127.0.0.1', port: ports.preview },
    app,
    hostFolder,
    prometheusUrl: at(ports.prometheus),
    settings: {
      jsonData: {
        cmdbUrl: at(ports.cmdb),
        billingUrl: at(ports.billing),
        predictionUrl: at(ports.prediction),
        alertmanagerUrl: at(ports.alertmanager),
      },
      secureJsonData: {},
    },
  });
}
