import { booleanOf, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf } from '../../../../kit/errors.ts';
import { secretFileOf, serverUrlOf } from '../../../../kit/server-fields.ts';
import type { ReadDeps } from '../source-type.ts';
import type { Endpoint, Material } from './endpoint.ts';
import { readKubeconfig } from './kubeconfig.ts';

/** Where the kubelet puts what a pod needs to speak with the API server. */
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface EndpointDeps extends ReadDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The API server: by kubeconfig, by url, or that of the cluster in which we run. */
export function readEndpoint(field: (key: string) => Place, deps: EndpointDeps): Endpoint {
  const kubeconfig = field('kubeconfig');
  const others = ['url', 'token_file', 'ca_file', 'insecure'] as const;
  if (given(kubeconfig)) {
    const rival = others.find((key) => given(field(key)));
    if (rival !== undefined)
      throw new ConfigError(
        `${kubeconfig.where} and ${field(rival).where} cannot both be given; the kubeconfig says it`,
      );
    return readKubeconfig(textOf(kubeconfig), kubeconfig.where, deps.readFile);
  }
  const url = optional(field('url'), serverUrlOf);
  return url === undefined ? insideEndpoint(field, deps) : outsideEndpoint(url, field, deps);
}

function outsideEndpoint(url: URL, field: (key: string) => Place, deps: EndpointDeps): Endpoint {
  const token = optional(field('token_file'), (place) => secretFileOf(place, deps));
  return { url, ca: caOf(field, deps), token: fileOf(token), client: undefined, isBlind: isBlindOf(field) };
}

function insideEndpoint(field: (key: string) => Place, deps: EndpointDeps): Endpoint {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = deps.env;
  const address = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (host === '' || !URL.canParse(address))
    throw new ConfigError(
      `${field('url').where} must be given outside of a pod, such as https://10.0.0.1:6443; or give kubeconfig`,
    );
  const token = field('token_file');
  const place = given(token) ? token : { value: `${serviceAccount}/token`, where: token.where };
  const ca = caOf(field, deps) ?? { file: `${serviceAccount}/ca.crt` };
  return {
    url: new URL(address),
    ca,
    token: fileOf(secretFileOf(place, deps)),
    client: undefined,
    isBlind: isBlindOf(field),
  };
}

function caOf(field: (key: string) => Place, { readFile }: EndpointDeps): Material | undefined {
  return optional(field('ca_file'), (place) => {
    const file = textOf(place);
    try {
      if (readFile(file).includes('-----BEGIN CERTIFICATE-----')) return { file };
    } catch (error) {
      throw new ConfigError(`${place.where}: the file ${file} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
    }
    throw new ConfigError(`${place.where}: the file ${file} holds no certificate in PEM form`);
  });
}

function isBlindOf(field: (key: string) => Place): boolean {
  return optional(field('insecure'), booleanOf) ?? false;
}

function fileOf(file: string | undefined): Material | undefined {
  return file === undefined ? undefined : { file };
}

function given({ value }: Place): boolean {
  return value !== undefined && value !== null;
}
