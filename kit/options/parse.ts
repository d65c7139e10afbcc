import { parseArgs } from 'node:util';
import { ConfigError, reasonOf } from '../errors.ts';
import { flattenConfig, isEmptyMapping } from './config-file.ts';
import {
  environmentName,
  mayBeInFile,
  type OptionSpec,
  type OptionSpecs,
  type OptionTable,
  type OptionValues,
} from './define.ts';
import { nearest } from './nearest.ts';
import { cut, preview } from './preview.ts';
import { defaultValue, type OptionValue, parseText, parseValue } from './value.ts';

export interface OptionSources {
  /** Arguments after the command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads the file that --config.file names; may throw. */
  readonly readFile: (path: string) => string;
}

/** Values by name; a flag beats the environment, which beats the file, which beats the default. Throws ConfigError. */
export function parseOptions<S extends OptionSpecs>(table: OptionTable<S>, sources: OptionSources): OptionValues<S> {
  const given = new Map<string, OptionValue>();
  const flags = parseFlags(table.options, sources.argv);
  const env = parseEnvironment(table.options, sources.env);
  const file = flags.get('config.file') ?? env.get('config.file');
  if (typeof file === 'string') addAll(given, parseFile(table.options, file, sources.readFile));
  addAll(given, env);
  addAll(given, flags);
  const values = Object.entries(table.options).map(([name, spec]) => [
    name,
    given.has(name) ? given.get(name) : defaultValue(spec),
  ]);
  return Object.freeze(Object.fromEntries(values)) as OptionValues<S>;
}

function addAll(target: Map<string, OptionValue>, more: ReadonlyMap<string, OptionValue>): void {
  for (const [name, value] of more) target.set(name, value);
}

function parseFlags(specs: OptionSpecs, argv: readonly string[]): ReadonlyMap<string, OptionValue> {
  const { tokens } = parseArgs({ args: [...argv], options: flagForms(specs), strict: false, tokens: true });
  const values = new Map<string, OptionValue>();
  for (const token of tokens) {
    if (token.kind !== 'option' || !token.rawName.startsWith('--')) throw unexpectedArgument(token, argv);
    const { name, spec, negated } = findFlag(specs, token.name);
    values.set(name, parseText(spec, negated ? negatedText(token) : flagText(name, spec, token), token.rawName));
  }
  return values;
}

interface FlagToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function negatedText({ rawName, value }: FlagToken): string {
  if (value === undefined) return 'false';
  throw new ConfigError(`${rawName} takes no value, got ${preview(value)}`);
}

function flagText(name: string, spec: OptionSpec, { rawName, value, inlineValue }: FlagToken): string {
  if (spec.type === 'boolean') return value ?? 'true';
  // Node takes whatever comes next; an option there means that the value was forgotten.
  const isForgotten = inlineValue !== true && value?.startsWith('--') === true;
  if (value !== undefined && !isForgotten) return value;
  throw new ConfigError(`${rawName} needs a value, such as --${name}=${example(spec)}`);
}

/** What each flag looks like to Node's parseArgs: a switch has a `no-` form, everything else takes a value. */
function flagForms(specs: OptionSpecs): Record<string, { type: 'boolean' | 'string' }> {
  const forms: Record<string, { type: 'boolean' | 'string' }> = {};
  for (const [name, spec] of Object.entries(specs)) {
    forms[name] = { type: spec.type === 'boolean' ? 'boolean' : 'string' };
    if (spec.type === 'boolean') forms[`no-${name}`] = { type: 'boolean' };
  }
  return forms;
}

function unexpectedArgument(token: { readonly index: number }, argv: readonly string[]): ConfigError {
  return new ConfigError(`unexpected argument ${preview(argv[token.index])}; options start with --, see --help`);
}

function findFlag(specs: OptionSpecs, flag: string): { name: string; spec: OptionSpec; negated: boolean } {
  const negated = !Object.hasOwn(specs, flag) && flag.startsWith('no-');
  const name = negated ? flag.slice('no-'.length) : flag;
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec !== undefined && (!negated || spec.type === 'boolean')) return { name, spec, negated };
  throw new ConfigError(`unknown option --${cut(flag)}${didYouMean(flag, Object.keys(flagForms(specs)), '--')}`);
}

function example(spec: OptionSpec): string {
  if (spec.type === 'enum') return spec.values.join('|');
  return spec.default === undefined || spec.default === '' ? `<${spec.type}>` : String(spec.default);
}

function parseEnvironment(specs: OptionSpecs, env: OptionSources['env']): ReadonlyMap<string, OptionValue> {
  const values = new Map<string, OptionValue>();
  for (const [name, spec] of Object.entries(specs)) {
    const raw = env[environmentName(name)];
    if (raw !== undefined && raw !== '') values.set(name, parseText(spec, raw, environmentName(name)));
  }
  return values;
}

function parseFile(
  specs: OptionSpecs,
  file: string,
  readFile: OptionSources['readFile'],
): ReadonlyMap<string, OptionValue> {
  const values = new Map<string, OptionValue>();
  const names = Object.entries(specs).flatMap(([name, spec]) => (mayBeInFile(name, spec) ? [name] : []));
  for (const [key, raw] of flattenConfig(file, readConfig(file, readFile))) {
    if (isEmptyMapping(raw) && names.some((name) => name.startsWith(`${key}.`))) continue;
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (spec === undefined) throw new ConfigError(`${file}: unknown key ${cut(key)}${didYouMean(key, names, '')}`);
    if (!mayBeInFile(key, spec)) throw new ConfigError(`${file}: ${key} can be given by flag or environment only`);
    values.set(key, parseValue(spec, raw, `${file}: ${key}`));
  }
  return values;
}

function readConfig(file: string, readFile: OptionSources['readFile']): string {
  try {
    return readFile(file);
  } catch (error) {
    throw new ConfigError(`--config.file cannot be read: ${reasonOf(error)}`);
  }
}

function didYouMean(name: string, candidates: readonly string[], prefix: string): string {
  const candidate = nearest(name, candidates);
  return candidate === undefined ? ', see --help' : `; did you mean ${prefix}${candidate}?`;
}
