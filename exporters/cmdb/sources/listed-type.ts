import type { Place } from '../../../kit/config-values.ts';
import type { Source } from '../observation.ts';
import type { ReadDeps, SourceDeps, SourceType } from './source-type.ts';

/** A type of source whose configuration is nobody else's business, so that different ones fit into one list. */
export interface ListedType {
  readonly type: string;
  readonly about: string;
  readonly keys: readonly string[];
  /** Checks the keys of an entry, and returns what makes its source. Throws ConfigError. */
  readonly read: (field: (key: string) => Place, deps: ReadDeps) => (name: string, deps: SourceDeps) => Source;
}

export function listed<Config>({ type, about, keys, read, create }: SourceType<Config>): ListedType {
  return {
    type,
    about,
    keys,
    read: (field, readDeps) => {
      const config = read(field, readDeps);
      return (name, deps) => create(name, config, deps);
    },
  };
}
