import { parseArgs } from 'node:util';
import { ConfigError } from '../../kit/errors.ts';
import type { OptionSpecs } from '../../kit/options/define.ts';

export interface CommandLine {
  /** Arguments that are no option. */
  readonly paths: readonly string[];
  readonly options: readonly string[];
}

/** Takes the paths out of the arguments, wherever they stand; what follows `--` is a path whatever it looks like. */
export function splitCommandLine(argv: readonly string[], specs: OptionSpecs): CommandLine {
  const forms = Object.entries(specs).map(([name, { type }]) => [name, { type: type === 'boolean' ? type : 'string' }]);
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(forms),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const taken = new Set(tokens.filter(({ kind }) => kind !== 'option').map(({ index }) => index));
  return {
    paths: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
    options: argv.filter((_, index) => !taken.has(index)),
  };
}

/** Undefined if none is given. Throws ConfigError for several, and for one that no file can have. */
export function pathOf({ paths }: CommandLine): string | undefined {
  if (paths.length > 1)
    throw new ConfigError(
      `one PATH can be given, got ${paths.length} of them; give the folder above them, or a pattern in quotes such as '/data/runs/*'`,
    );
  const [path] = paths;
  if (path === '' || path?.includes('\0') === true) throw new ConfigError('PATH must not be empty');
  return path;
}
