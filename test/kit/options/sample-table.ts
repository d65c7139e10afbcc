import { defineOptions, type OptionTable } from '../../../kit/options/define.ts';
import { parseOptions } from '../../../kit/options/parse.ts';

/** One option of every type, with and without default. */
export const sample = defineOptions({
  command: 'sample',
  about: 'Shows every type of option.',
  options: {
    'config.file': { type: 'path', help: 'YAML file.' },
    'config.check': { type: 'boolean', default: false, help: 'Check and end.', notInFile: true },
    name: { type: 'string', default: 'anon', help: 'A text.' },
    'name.prefix': { type: 'string', help: 'A text without default under a name that is an option itself.' },
    'web.listen-address': { type: 'address', default: ':9400', help: 'An address.' },
    'web.config.file': { type: 'path', help: 'A path.' },
    'pool.size': { type: 'integer', default: 4, min: -1, max: 10, help: 'A whole number.' },
    'pool.share': { type: 'number', min: 0, max: 1, help: 'A number.' },
    'pool.wait': { type: 'duration', default: '5s', min: '200ms', max: '1h', help: 'A duration.' },
    'pool.enabled': { type: 'boolean', default: true, help: 'A switch that is on.' },
    'pool.lazy': { type: 'boolean', default: false, help: 'A switch that is off.' },
    'log.level': { type: 'enum', default: 'info', values: ['debug', 'info', 'warn'], help: 'One of some.' },
    libraries: { type: 'list', default: ['a.so', 'b.so'], help: 'A list.' },
  },
});

export interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Text of the YAML file. */
  readonly yaml?: string;
  readonly table?: OptionTable;
}

/** Parses as a daemon would; with a text for the file, --config.file=f.yaml is given too. */
export function parse({ argv = [], env = {}, yaml, table = sample }: Given) {
  const readFile = (path: string): string => {
    if (path === 'f.yaml' && yaml !== undefined) return yaml;
    throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  };
  return parseOptions(table, {
    argv: yaml === undefined ? argv : [...argv, '--config.file=f.yaml'],
    env,
    readFile,
  }) as Readonly<Record<string, unknown>>;
}

/** What the user reads when the options are bad. */
export function complaint(given: Given): string {
  try {
    parse(given);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return error.message;
    throw error;
  }
  throw new Error('was accepted');
}
