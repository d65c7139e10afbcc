import { fieldsOf, filePath, refused, required, SiteError } from '../checks.ts';

/** One entry of a Kubernetes Secret. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** By the path of a file that the site names. */
export type KubernetesSecrets = Readonly<Record<string, SecretKey>>;

/** Where the Prometheus operator mounts what an Alertmanager object lists under `spec.secrets`. */
const mountFolder = '/etc/alertmanager/secrets';

export function parseKubernetesSecrets(value: unknown, path: string): KubernetesSecrets {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(path, value, 'a mapping of file paths to the name and key of a Secret');
  }
  return Object.fromEntries(
    Object.entries(value).map(([file, secret]) => [
      filePath(file, `${path}.${file}`),
      secretKey(secret, `${path}.${file}`),
    ]),
  );
}

/** The entry for a file: as mapped, or as its path says if it is one that the operator mounts. */
export function secretOf(file: string, mapped: KubernetesSecrets): SecretKey {
  const found = Object.hasOwn(mapped, file) ? mapped[file] : undefined;
  if (found !== undefined) return found;
  const [, name, key] = /^\/etc\/alertmanager\/secrets\/([^/]+)\/([^/]+)$/.exec(file) ?? [];
  if (name !== undefined && key !== undefined) {
    return { name: secretName(name, file), key: dataKey(key, file) };
  }
  throw new SiteError(
    `kubernetes_secrets: which Secret holds ${file}? Add "${file}: {name: …, key: …}", or name the file ${mountFolder}/<name of the Secret>/<key>`,
  );
}

/** Where Alertmanager finds it once its object lists the Secret. */
export function mountedPath({ name, key }: SecretKey): string {
  return `${mountFolder}/${name}/${key}`;
}

function secretKey(value: unknown, path: string): SecretKey {
  const fields = fieldsOf(value, path, ['name', 'key']);
  return { name: required(fields, 'name', secretName), key: required(fields, 'key', dataKey) };
}

function secretName(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(value)) return value;
  throw refused(path, value, 'the name of a Secret: lower case letters, digits, - and .');
}

function dataKey(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[-._a-zA-Z0-9]{1,253}$/.test(value)) return value;
  throw refused(path, value, 'the key of an entry of a Secret: letters, digits, -, _ and .');
}
