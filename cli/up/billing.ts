import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../generate/yaml.ts';
import { billingFile } from '../simulate/billing/billing-file.ts';
import type { Stack } from './stack.ts';

/** Writes what the billing of the stack is told; gives its options. */
export function writeBilling({
  folder,
  ports,
  simulation,
  history,
}: Pick<Stack, 'folder' | 'ports' | 'simulation' | 'history'>): readonly string[] {
  const home = join(folder, 'billing');
  mkdirSync(home, { recursive: true });
  const file = join(home, 'billing.yml');
  const config = billingFile({
    prometheusUrl: `http://127.0.0.1:${ports.prometheus}`,
    cluster: simulation,
    history: history === undefined ? undefined : { span: history.month.key.span, scrapeSeconds: history.scrapeSeconds },
  });
  writeFileSync(file, toYaml(config, 'fleetlens up'));
  return [
    `--web.listen-address=127.0.0.1:${ports.billing}`,
    `--billing.file=${file}`,
    `--store.folder=${join(home, 'database')}`,
    // Whoever watches does not wait a minute to see how far it is.
    '--billing.refresh-interval=15s',
  ];
}
