import { type KubernetesSecrets, mountedPath, type SecretKey, secretOf } from './secrets.ts';

/** A configuration whose files are those that the operator mounts, and the Secrets that they come from. */
export interface Mounted<T> {
  readonly config: T;
  readonly secrets: readonly string[];
}

/** Moves every file that a configuration names to where the operator mounts its Secret. */
export function withMountedSecrets<T>(config: T, mapped: KubernetesSecrets): Mounted<T> {
  const names = new Set<string>();
  const place = (file: string): string => {
    const secret = secretOf(file, mapped);
    names.add(secret.name);
    return mountedPath(secret);
  };
  return { config: replaced(config, place) as T, secrets: [...names].sort() };
}

/** The Secrets that a configuration names files of. */
export function secretsOf(config: unknown, mapped: KubernetesSecrets): readonly SecretKey[] {
  const found = new Map<string, SecretKey>();
  replaced(config, (file) => {
    found.set(file, secretOf(file, mapped));
    return file;
  });
  return [...found.values()];
}

function replaced(value: unknown, place: (file: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => replaced(each, place));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key.endsWith('_file') && typeof each === 'string' ? [key, place(each)] : [key, replaced(each, place)],
    ),
  );
}
