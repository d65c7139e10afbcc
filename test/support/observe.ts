import { readFileSync } from 'node:fs';
import type { Observation, ObserveContext, ObservedItem } from '../../exporters/cmdb/observation.ts';
import type { SourceDeps, SourceType } from '../../exporters/cmdb/sources/source-type.ts';
import type { Place } from '../../kit/config-values.ts';
import { createLog } from '../../kit/log.ts';

export const silentContext: ObserveContext = { signal: new AbortController().signal, onProgress: () => undefined };

/** Fields of an entry of the configuration, as the reader of the file gives them. */
export function fieldsFor(entry: Readonly<Record<string, unknown>>): (key: string) => Place {
  return (key) => ({ value: entry[key], where: `sources[0].${key}` });
}

export function sourceDeps(overrides: Partial<SourceDeps> = {}): SourceDeps {
  return {
    readFile: (path) => readFileSync(path, 'utf8'),
    clock: { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 },
    log: createLog({ level: 'error', format: 'logfmt', daemon: 'test', write: () => undefined }),
    ...overrides,
  };
}

/** Reads the entry as the daemon does and looks once. */
export function observeOnce<Config>(
  type: SourceType<Config>,
  entry: Readonly<Record<string, unknown>>,
  {
    deps = sourceDeps(),
    context = silentContext,
  }: { readonly deps?: SourceDeps; readonly context?: ObserveContext } = {},
): Promise<Observation> {
  return type.create('test', type.read(fieldsFor(entry), deps), deps).observe(context);
}

export function itemOf({ items }: Observation, key: string): ObservedItem {
  const found = items.find((item) => item.key === key);
  if (found === undefined) throw new Error(`no ${key} among ${items.map((item) => item.key).join(', ')}`);
  return found;
}

/** `kind=value`, for short expectations. */
export function identitiesShown({ identities }: ObservedItem): readonly string[] {
  return identities.map(({ kind, value }) => `${kind}=${value}`);
}

/** `type key`. */
export function relationsShown({ relations }: ObservedItem): readonly string[] {
  return relations.map(({ type, to }) => `${type} ${to}`);
}
