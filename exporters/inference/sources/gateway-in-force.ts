import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { type Gateway, noLimits } from '../gateway/gateway.ts';
import { parseGateway, upstreamsOf } from '../gateway/gateway-file.ts';
import { type KeyMap, parseKeys } from '../gateway/key-file.ts';
import { readAuthorities } from './upstreams/agents.ts';
import { checkSecretFile } from './upstreams/secret-file.ts';

/** The options that say what the proxy stands in front of and for whom. */
export interface GatewayOptions {
  readonly 'proxy.upstreams': readonly string[];
  readonly 'proxy.file': string | undefined;
  readonly 'proxy.keys-file': string | undefined;
}

type ReadFile = (path: string) => string;

const largestKeyFile = 128 * 1024 * 1024;

/** Reads the file of the proxy, and all files that it names. Throws ConfigError. */
export function readGateway(options: GatewayOptions, readFile: ReadFile): Gateway {
  const file = options['proxy.file'];
  const urls = options['proxy.upstreams'];
  const gateway = file === undefined ? ofUrls(urls) : parseGateway(file, read('--proxy.file', file, readFile), urls);
  for (const { apiKeyFile, caFile } of gateway.upstreams) {
    if (apiKeyFile !== undefined) checkSecretFile(apiKeyFile, readFile);
    if (caFile !== undefined) readAuthorities(caFile, readFile);
  }
  return gateway;
}

/** Throws ConfigError. */
export function readKeys(options: GatewayOptions, readFile: ReadFile): KeyMap {
  const file = options['proxy.keys-file'];
  if (file === undefined) return new Map();
  const text = read('--proxy.keys-file', file, readFile);
  if (text.length > largestKeyFile) throw new ConfigError(`${file} is larger than ${largestKeyFile} bytes`);
  return parseKeys(file, text);
}

function ofUrls(urls: readonly string[]): Gateway {
  return {
    upstreams: upstreamsOf(urls),
    models: [],
    paths: new Set(),
    tenants: new Map(),
    defaultLimits: noLimits,
    sloOfModels: new Map(),
  };
}

function read(option: string, file: string, readFile: ReadFile): string {
  try {
    return readFile(file);
  } catch (error) {
    throw new ConfigError(`${option} cannot be read: ${reasonOf(error)}`);
  }
}
