/** One parameter of a route, in the form of an option of a daemon. */
export type Parameter =
  | (Common & {
      readonly type: 'text';
      readonly maxLength?: number;
      /** Regular expression that all of it must match, and what that means in words. */
      readonly pattern?: string;
      readonly form?: string;
      readonly default?: string;
    })
  | (Common & { readonly type: 'enum'; readonly values: readonly string[]; readonly default?: string })
  | (Common & {
      readonly type: 'integer';
      readonly min: number;
      readonly max: number;
      readonly default?: number;
    })
  | (Common & { readonly type: 'boolean'; readonly default: boolean })
  /** RFC 3339 or Unix seconds; the value is in Unix seconds. */
  | (Common & { readonly type: 'time' })
  /** Given several times, or with commas in between. */
  | (Common & { readonly type: 'list'; readonly maxItems?: number })
  /** Given several times; commas belong to the values. */
  | (Common & { readonly type: 'texts'; readonly maxItems?: number; readonly maxLength?: number });

interface Common {
  readonly in: 'path' | 'query' | 'header';
  readonly about: string;
  readonly required?: boolean;
}

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends { readonly type: 'text' }
  ? string
  : P extends { readonly type: 'enum'; readonly values: readonly (infer V)[] }
    ? V
    : P extends { readonly type: 'integer' | 'time' }
      ? number
      : P extends { readonly type: 'boolean' }
        ? boolean
        : readonly string[];

type IsThere<P> = P extends { readonly required: true } | { readonly in: 'path' } | { readonly type: 'list' | 'texts' }
  ? true
  : P extends { readonly default: string | number | boolean }
    ? true
    : false;

/** Missing lists are empty; other parameters without a default are undefined where they are missing. */
export type ParameterValues<P extends Parameters> = {
  readonly [N in keyof P & string]: IsThere<P[N]> extends true ? ValueOf<P[N]> : ValueOf<P[N]> | undefined;
};
