/** One option of a daemon. Flag, environment variable, YAML key, help, JSON Schema and reference all come from it. */
export type OptionSpec =
  | (Common & { readonly type: 'string' | 'path'; readonly default?: string })
  | (Common & {
      readonly type: 'integer' | 'number';
      readonly default?: number;
      readonly min: number;
      readonly max: number;
    })
  | (Common & { readonly type: 'boolean'; readonly default: boolean })
  /** Prometheus' notation such as 500ms, 5s or 1m30s; the value is in seconds. */
  | (Common & { readonly type: 'duration'; readonly default: string; readonly min: string; readonly max: string })
  /** host:port, :port for all interfaces, or [v6]:port. */
  | (Common & { readonly type: 'address'; readonly default: string })
  | (Common & { readonly type: 'enum'; readonly default: string; readonly values: readonly string[] })
  /** Separated by commas on the command line and in the environment. */
  | (Common & { readonly type: 'list'; readonly default: readonly string[] });

interface Common {
  /** One sentence that says what the option does. */
  readonly help: string;
  /** True if SIGHUP applies a new value without a restart. */
  readonly reloadable?: boolean;
  /** True for what asks the process to do something else than run. */
  readonly notInFile?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface Address {
  /** Undefined listens on all interfaces. */
  readonly host: string | undefined;
  readonly port: number;
}

type ValueOf<O extends OptionSpec> = O extends { readonly type: 'string' | 'path' }
  ? OrUndefined<O, string>
  : O extends { readonly type: 'integer' | 'number' }
    ? OrUndefined<O, number>
    : O extends { readonly type: 'boolean' }
      ? boolean
      : O extends { readonly type: 'duration' }
        ? number
        : O extends { readonly type: 'address' }
          ? Address
          : O extends { readonly type: 'enum'; readonly values: readonly (infer V)[] }
            ? V
            : readonly string[];
type OrUndefined<O extends OptionSpec, T> = O extends { readonly default: T } ? T : T | undefined;

/** Parsed values by option name: durations in seconds, missing ones without default undefined. */
export type OptionValues<S extends OptionSpecs> = { readonly [N in keyof S & string]: ValueOf<S[N]> };

export interface OptionTable<S extends OptionSpecs = OptionSpecs> {
  /** As typed by the user: `fleetlens gpu`. */
  readonly command: string;
  /** What may stand behind it beside options, as its usage shows it: `[NUMBER | TENANT]`. */
  readonly words?: string;
  /** Whole command lines, for the end of the help. */
  readonly examples?: readonly string[];
  /** One or two sentences for the top of the help. */
  readonly about: string;
  readonly options: S;
}

export function defineOptions<const S extends OptionSpecs>(table: OptionTable<S>): OptionTable<S> {
  return Object.freeze(table);
}

/** FLEETLENS_WEB_LISTEN_ADDRESS for web.listen-address. */
export function environmentName(option: string): string {
  return `FLEETLENS_${option.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/** True if the YAML file may hold the option; never its own name. */
export function mayBeInFile(option: string, spec: OptionSpec): boolean {
  return option !== 'config.file' && spec.notInFile !== true;
}
