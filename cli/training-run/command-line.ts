import { ConfigError } from '../../kit/errors.ts';

export interface CommandLine {
  /** What stands before `--`. */
  readonly own: readonly string[];
  readonly command: readonly string[];
}

export function splitCommandLine(argv: readonly string[]): CommandLine {
  const at = argv.indexOf('--');
  return at === -1 ? { own: argv, command: [] } : { own: argv.slice(0, at), command: argv.slice(at + 1) };
}

/** Throws ConfigError if there is no command. */
export function commandOf({ command: [program, ...args] }: CommandLine): {
  readonly program: string;
  readonly args: readonly string[];
} {
  if (program !== undefined && program !== '') return { program, args };
  throw new ConfigError('the command is missing; give it after --, such as fleetlens training run -- python train.py');
}
