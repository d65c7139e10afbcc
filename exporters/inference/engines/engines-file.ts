import { fieldsOf, listOf, oneOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { cut } from '../../../kit/options/preview.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { engineKinds, engines } from '../../../metrics/engines/index.ts';
import { pathOf, serverAddressOf } from '../server-address.ts';
import type { ConfiguredEngine } from './configured-engine.ts';

const maxEngines = 500;

/** Reads the file of `--engines.file`. Throws ConfigError that names the file, the key, the bad value and what is allowed. */
export function parseEnginesFile(path: string, text: string): readonly ConfiguredEngine[] {
  const document = parseYaml(path, text);
  const list = fieldsOf({ where: path, value: document ?? {} }, ['engines'], ': ')('engines');
  const found = listOf(list, maxEngines).map(engineOf);
  for (const [index, { name }] of found.entries()) {
    if (found.findIndex((other) => other.name === name) < index) {
      throw new ConfigError(`${list.where}[${index}].name is "${cut(name)}", which another engine has already`);
    }
  }
  return found;
}

function engineOf(place: Place): ConfiguredEngine {
  const field = fieldsOf(place, ['name', 'kind', 'url', 'metrics_path', 'model_name', 'bearer_token_file']);
  const kind = oneOf(field('kind'), engineKinds);
  const modelName = optional(field('model_name'), textOf);
  const needsModel = engines[kind].path !== undefined && engines[kind].modelLabels.length === 0;
  if (needsModel && modelName === undefined) {
    throw new ConfigError(`${place.where}.model_name is needed: ${kind} does not name its model`);
  }
  return {
    name: textOf(field('name')),
    kind,
    url: serverAddressOf(field('url')),
    metricsPath: optional(field('metrics_path'), pathOf),
    modelName,
    bearerTokenFile: optional(field('bearer_token_file'), textOf),
  };
}
