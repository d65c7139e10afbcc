import { dirname, resolve } from 'node:path';
import { ConfigError, errnoOf, reasonOf } from '../../../../kit/errors.ts';
import { parseYaml } from '../../../../kit/yaml.ts';
import { fieldsIn, type JsonFields, listIn, ownField, textIn } from '../json-value.ts';
import type { Endpoint, Material } from './endpoint.ts';

/** Ways to show oneself for which a program would have to be run, or a flow of its own kept up. */
const unusable = ['exec', 'auth-provider', 'username', 'password'];

/** The cluster and user of the context that is current in a kubeconfig file. No program that it names is ever run. */
export function readKubeconfig(path: string, where: string, readFile: (path: string) => string): Endpoint {
  const config = fieldsIn(parseYaml(path, textOf(path, where, readFile)));
  const context = named(config, 'context', textIn(config, 'current-context'), path);
  const cluster = named(config, 'cluster', textIn(context, 'cluster'), path);
  const user = named(config, 'user', textIn(context, 'user'), path);
  const refused = unusable.find((key) => ownField(user, key) !== undefined);
  if (refused !== undefined)
    throw new ConfigError(
      `${where}: the user in ${path} shows itself by ${refused}, which is not supported; make a service account with deploy/kubernetes/cmdb-rbac.yaml and give url, token_file and ca_file`,
    );
  const material = (from: JsonFields, key: string): Material | undefined => materialIn(from, key, dirname(path));
  return {
    url: serverOf(cluster, path, where),
    ca: material(cluster, 'certificate-authority'),
    token: tokenIn(user, dirname(path)),
    client: pairOf(material(user, 'client-certificate'), material(user, 'client-key'), where, path),
    isBlind: ownField(cluster, 'insecure-skip-tls-verify') === true,
  };
}

function textOf(path: string, where: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ConfigError(`${where}: the file ${path} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
}

function named(config: JsonFields, kind: string, name: string | undefined, path: string): JsonFields {
  if (name === undefined) throw new ConfigError(`${path} names no ${kind}; set one with kubectl config use-context`);
  const found = listIn(config[`${kind}s`]).find((entry) => ownField(entry, 'name') === name);
  if (found === undefined) throw new ConfigError(`${path} has no ${kind} ${name}`);
  return fieldsIn(ownField(found, kind));
}

function serverOf(cluster: JsonFields, path: string, where: string): URL {
  const server = ownField(cluster, 'server');
  const url = typeof server === 'string' && URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    throw new ConfigError(`${where}: server of the current cluster in ${path} must be an http or https address`);
  return url;
}

/** A file, relative to the one that names it, or the content itself in base64. */
function materialIn(from: JsonFields, key: string, folder: string): Material | undefined {
  const data = ownField(from, `${key}-data`);
  if (typeof data === 'string' && data !== '') return { text: Buffer.from(data, 'base64').toString('utf8') };
  const file = ownField(from, key);
  return typeof file === 'string' && file !== '' ? { file: resolve(folder, file) } : undefined;
}

function tokenIn(user: JsonFields, folder: string): Material | undefined {
  const file = ownField(user, 'tokenFile');
  if (typeof file === 'string' && file !== '') return { file: resolve(folder, file) };
  const token = ownField(user, 'token');
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? { text: token } : undefined;
}

function pairOf(cert: Material | undefined, key: Material | undefined, where: string, path: string) {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new ConfigError(`${where}: the user in ${path} must have both client-certificate and client-key, or neither`);
}
