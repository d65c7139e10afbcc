import { apiOptions } from '../../../kit/api/api-options.ts';
import type { OptionSpecs } from '../../../kit/options/define.ts';

/** What a token of this API may be confined to; it stands behind `scope=` in the file of tokens. */
export const tokenScope = 'tenants';

/** Options of the daemon that are about its API. */
export const billingApiOptions = {
  ...apiOptions,
  'api.tokens-file': {
    type: 'path',
    help: 'File with the tokens of the API: one line for each, its SHA-256 in hexadecimal, the role (reader, editor or admin), the name of the person or program, and scope= with the tenants that it is confined to, if it is. Read again when it changes. Without it only this machine may write, if --web.listen-address is a loopback address. Once a token is confined, whoever reads needs one.',
  },
} as const satisfies OptionSpecs;
