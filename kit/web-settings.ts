import { ConfigError, reasonOf } from './errors.ts';
import { createFileWatch, fileSignature } from './http/file-watch.ts';
import type { HttpServer } from './http/server.ts';
import { tlsFiles } from './http/tls.ts';
import { parseWebConfig, type WebConfig } from './http/web-config.ts';
import type { OptionSources } from './options/parse.ts';

const open: WebConfig = { tls: undefined, users: new Map(), headers: {} };

/** The file of --web.config.file and what it names, read at the start, on reload, and when one of the files has changed. */
export interface WebSettings {
  /** Reads the file. Throws ConfigError. */
  readonly load: (file: string | undefined) => WebConfig;
  /** Checks the file and returns what puts it in force. Throws ConfigError. */
  readonly prepare: (file: string | undefined, server: HttpServer) => () => void;
  /** Calls back when the file or a certificate has changed. */
  readonly start: () => void;
  readonly stop: () => void;
}

interface WebSettingsDeps {
  readonly readFile: OptionSources['readFile'];
  readonly checkFilesEveryMs: number;
  readonly onChange: () => void;
}

export function createWebSettings({ readFile, checkFilesEveryMs, onChange }: WebSettingsDeps): WebSettings {
  const watch = createFileWatch({ signatureOf: fileSignature, everyMs: checkFilesEveryMs, onChange });
  let inForce = open;

  function read(file: string | undefined): WebConfig {
    watch.restart(file === undefined ? [] : [file]);
    const config = readWebConfig(file, readFile);
    if (config.tls !== undefined) watch.add(tlsFiles(config.tls));
    return config;
  }

  return {
    load: (file) => {
      inForce = read(file);
      return inForce;
    },
    prepare: (file, server) => {
      const next = read(file);
      refuseToOpen(file, inForce, next);
      const apply = server.prepare(next);
      return () => {
        inForce = next;
        apply();
      };
    },
    start: watch.start,
    stop: watch.stop,
  };
}

/** A file that is being written is empty for a moment; that moment must not open the daemon to everybody. */
function refuseToOpen(file: string | undefined, before: WebConfig, after: WebConfig): void {
  if (before.users.size === 0 || after.users.size > 0) return;
  throw new ConfigError(
    `${file ?? '--web.config.file'}: basic_auth_users is gone; restart to switch authentication off`,
  );
}

/** No file means neither TLS nor authentication. Throws ConfigError. */
export function readWebConfig(file: string | undefined, readFile: OptionSources['readFile']): WebConfig {
  if (file === undefined) return open;
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ConfigError(`--web.config.file cannot be read: ${reason}`);
  }
  return parseWebConfig(file, text);
}
