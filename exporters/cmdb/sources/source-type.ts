import type { Clock } from '../../../kit/clock.ts';
import type { Place } from '../../../kit/config-values.ts';
import type { Log } from '../../../kit/log.ts';
import type { Source } from '../observation.ts';

/** One way to discover items: what it may be told in the configuration, and how it is made of that. */
export interface SourceType<Config = unknown> {
  /** `type` in the configuration. */
  readonly type: string;
  /** One sentence for the guide and for errors. */
  readonly about: string;
  /** Keys of its own in the entry of the configuration, beside name, type, every and create. */
  readonly keys: readonly string[];
  /** Checks the keys of its own; `field` gives the place of each. Opens nothing. Throws ConfigError that names the place. */
  readonly read: (field: (key: string) => Place, deps: ReadDeps) => Config;
  // As a method, so that types of any configuration fit into one list: each gets back what it has read.
  create(name: string, config: Config, deps: SourceDeps): Source;
}

export interface ReadDeps {
  /** Reads a file that the configuration names, such as one with a password, to see that it can be read; may throw. */
  readonly readFile: (path: string) => string;
}

export interface SourceDeps extends ReadDeps {
  readonly clock: Clock;
  readonly log: Log;
}

export function defineSourceType<Config>(type: SourceType<Config>): SourceType<Config> {
  return Object.freeze(type);
}
