import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../generate/yaml.ts';
import type { Stack } from './stack.ts';

/** Writes what the failure prediction of the stack is told; gives its options. */
export function writePrediction({ folder, ports }: Pick<Stack, 'folder' | 'ports'>): readonly string[] {
  const home = join(folder, 'prediction');
  mkdirSync(home, { recursive: true });
  const file = join(home, 'prediction.yml');
  const config = {
    sources: [{ name: 'local', url: `http://127.0.0.1:${ports.prometheus}` }],
    alert_budget: 3,
  };
  writeFileSync(file, toYaml(config, 'fleetlens up'));
  return [
    `--web.listen-address=127.0.0.1:${ports.prediction}`,
    `--prediction.file=${file}`,
    `--prediction.folder=${join(home, 'state')}`,
    // Whoever watches does not wait five minutes for a rule that is met.
    '--prediction.scoring-interval=15s',
  ];
}
