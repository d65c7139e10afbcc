import { wrap } from '../wrap.ts';
import { environmentName, mayBeInFile, type OptionSpec, type OptionTable } from './define.ts';

const width = 100;
const body = { indent: '      ', width };

/** The text of --help, from the same table as everything else. */
export function helpText(table: OptionTable): string {
  const { command, words = '', about, examples = [] } = table;
  const hasFile = Object.hasOwn(table.options, 'config.file');
  const options = Object.entries(table.options).map(([name, spec]) => optionHelp(name, spec, hasFile));
  return [
    `Usage: ${command}${words === '' ? '' : ` ${words}`} [--option=value …]`,
    '',
    ...wrap(about, { indent: '', width }),
    '',
    ...(examples.length === 0 ? [] : ['Examples:', ...examples.map((each) => `  ${each}`), '']),
    ...places(hasFile),
    '',
    'Options:',
    ...options,
    '  --help',
    '      Print this and end.',
    '',
  ].join('\n');
}

function places(hasFile: boolean): readonly string[] {
  if (!hasFile) return ['Every option can also be set in the environment (FLEETLENS_…). A flag beats it.'];
  return [
    'Every option can also be set in the environment (FLEETLENS_…) or in the YAML file of --config.file.',
    'A flag beats the environment, which beats the file.',
  ];
}

function optionHelp(name: string, spec: OptionSpec, hasFile: boolean): string {
  const place = !hasFile || mayBeInFile(name, spec) ? undefined : 'not in the file';
  const facts = [allowed(spec), listDefault(spec), `env ${environmentName(name)}`, place]
    .filter((fact) => fact !== undefined)
    .join('; ');
  return [`  --${flagForm(name, spec)}`, ...wrap(spec.help, body), ...wrap(`[${facts}]`, body)].join('\n');
}

function flagForm(name: string, spec: OptionSpec): string {
  if (spec.type === 'boolean') return spec.default ? `no-${name}` : name;
  if (spec.type === 'list') return `${name}=LIST`;
  return `${name}=${spec.default ?? spec.type.toUpperCase()}`;
}

/** A list may be long, so its default stands below the name. */
function listDefault(spec: OptionSpec): string | undefined {
  return spec.type === 'list' && spec.default.length > 0 ? `default ${spec.default.join(', ')}` : undefined;
}

/** What a value may be, in words; undefined where the form says it all. */
export function allowed(spec: OptionSpec): string | undefined {
  switch (spec.type) {
    case 'integer':
    case 'number':
      return `${spec.min} to ${spec.max}`;
    case 'duration':
      return `${spec.min} to ${spec.max}`;
    case 'enum':
      return spec.values.join(' | ');
    case 'boolean':
      return 'true | false';
    case 'list':
      return 'separated by commas';
    case 'string':
    case 'path':
    case 'address':
      return undefined;
  }
}
