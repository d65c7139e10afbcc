import { ConfigError } from '../errors.ts';
import type { OptionSpecs, OptionValues } from '../options/define.ts';

/** Options of the daemon that are about its API. */
export const apiOptions = {
  'api.tokens-file': {
    type: 'path',
    help: 'File with the tokens of the API: one line for each, its SHA-256 in hexadecimal, the role (reader, editor or admin), and the name of the person or program. Read again when it changes. Without it only this machine may write, if --web.listen-address is a loopback address.',
  },
  'api.read': {
    type: 'enum',
    default: 'open',
    values: ['open', 'token'],
    help: 'Whether whoever reads needs a token, too.',
  },
} as const satisfies OptionSpecs;

/** What the option table cannot say. Throws ConfigError. */
export function checkApiOptions(options: OptionValues<typeof apiOptions>): void {
  if (options['api.read'] === 'token' && options['api.tokens-file'] === undefined)
    throw new ConfigError('--api.read=token needs --api.tokens-file');
}
