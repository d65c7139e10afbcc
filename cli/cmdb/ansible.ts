import { readFileSync } from 'node:fs';
import { ConfigError, reasonOf, SourceError } from '../../kit/errors.ts';
import { readText, type TextAnswer } from '../../kit/http/send-request.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import { runCommand } from '../run-command.ts';
import { cmdbAnsibleOptions } from './ansible-options.ts';

type Options = OptionValues<typeof cmdbAnsibleOptions.options>;

const maxBytes = 256 * 1024 * 1024;
const name = cmdbAnsibleOptions.command;

/** `fleetlens cmdb ansible`. Resolves with the exit status: 1 if the daemon does not answer, so that Ansible does not take nothing for all. */
export function cmdbAnsible(argv: readonly string[]): Promise<number> {
  return runCommand(cmdbAnsibleOptions, withValues(argv), async (options) => {
    const path = pathOf(options);
    try {
      const answer = await ask(path, options);
      if (answer.status === 404 && options.host !== undefined) return print('{}\n');
      if (answer.status !== 200)
        throw new SourceError(`the daemon answered ${answer.status}: ${reasonIn(answer.body)}`);
      return print(answer.body);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      process.stderr.write(`${name}: ${error.message}\n`);
      return 1;
    }
  });
}

/** Ansible gives the name of the host behind a blank. */
function withValues(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--host');
  const host = at < 0 ? undefined : argv[at + 1];
  return host === undefined ? argv : [...argv.slice(0, at), `--host=${host}`, ...argv.slice(at + 2)];
}

function pathOf({ list, host, yaml }: Options): string {
  if ([list, yaml, host !== undefined].filter(Boolean).length !== 1)
    throw new ConfigError('one of --list, --host=NAME and --yaml is needed');
  if (host !== undefined) return `/api/v1/ansible/host/${encodeURIComponent(host)}`;
  return `/api/v1/ansible/list${yaml ? '?format=yaml' : ''}`;
}

async function ask(path: string, options: Options): Promise<TextAnswer> {
  const { 'cmdb.url': url } = options;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ConfigError(`--cmdb.url must be an address such as http://127.0.0.1:9412, got ${JSON.stringify(url)}`);
  const base = new URL(url);
  if (base.username !== '' || base.password !== '')
    throw new ConfigError('--cmdb.url must hold no user and password; others see them in the list of processes');
  const token = contentOf('--cmdb.token-file', options['cmdb.token-file'])?.trim();
  const ca = contentOf('--cmdb.ca-file', options['cmdb.ca-file']);
  return readText(
    {
      url: new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      trust: { ca },
      timeoutSeconds: options.timeout,
    },
    maxBytes,
  );
}

function contentOf(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${option} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: unknown } };
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // A proxy in between answers with a page.
  }
  return body.slice(0, 200).trim();
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
