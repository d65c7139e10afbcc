import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { runCommand } from '../run-command.ts';
import { appFolder, hostFolder, readBuiltApp } from './app-files.ts';
import type { AppSettings } from './match-route.ts';
import { type PreviewOptions, previewOptions } from './options.ts';
import { startPreview } from './start-preview.ts';

/** `fleetlens preview`. Resolves with the exit status once it was told to stop. */
export function preview(argv: readonly string[]): Promise<number> {
  return runCommand(previewOptions, argv, async (options) => {
    const running = await startPreview({
      address: options['web.listen-address'],
      ...builtParts(options),
      ...connections(options),
    });
    process.stdout.write(`The preview of the Grafana app is at ${running.url}. Ctrl-C stops it.\n`);
    await new Promise<void>((resolveEnd) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolveEnd());
    });
    await running.stop();
    return 0;
  });
}

function builtParts(options: PreviewOptions) {
  const folder = resolve(options['app.folder'] ?? appFolder);
  const app = readBuiltApp(folder);
  if (app === undefined)
    throw new ConfigError(`${folder} holds no built app; run npm run build, or name another folder with --app.folder`);
  const host = resolve(options['host.folder'] ?? hostFolder);
  if (!existsSync(join(host, 'host.js')))
    throw new ConfigError(`${host} holds no built page; run npm run build, or name another folder with --host.folder`);
  return { app, hostFolder: host };
}

function connections(options: PreviewOptions): { readonly prometheusUrl: string; readonly settings: AppSettings } {
  const services = ['cmdb', 'billing', 'prediction'] as const;
  const urls = [...services, 'alertmanager' as const].map((name) => [`${name}Url`, urlOption(options, `${name}.url`)]);
  const tokens = services.map((name) => [
    `${name}Token`,
    tokenOf(options[`${name}.token-file`], `--${name}.token-file`),
  ]);
  const prometheusUrl = urlOption(options, 'prometheus.url') ?? '';
  return { prometheusUrl, settings: { jsonData: given(urls), secureJsonData: given(tokens) } };
}

type UrlOption = 'prometheus.url' | 'alertmanager.url' | 'cmdb.url' | 'billing.url' | 'prediction.url';

function urlOption(options: PreviewOptions, name: UrlOption): string | undefined {
  const url = options[name];
  if (url === undefined || /^https?:\/\/[^/]/.test(url)) return url;
  throw new ConfigError(`--${name} is ${JSON.stringify(url)}; it must be an address such as http://127.0.0.1:9090`);
}

function tokenOf(file: string | undefined, option: string): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${option} cannot be read: ${reasonOf(error)}`);
  }
}

function given(pairs: readonly (readonly (string | undefined)[])[]): Record<string, string> {
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
