import type { Resource } from './served-kinds.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export interface FaultyCall {
  readonly verb: Verb;
  readonly resource: Resource;
  /** Of this list: 0 for its first page. */
  readonly isFirstPage: boolean;
}

/** What goes wrong with a call. `reset` and `hang` come after the first half of the answer. */
export type Trouble =
  | { readonly kind: 'latency'; readonly seconds: number }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'internal-error' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'hang' };

export interface Fault {
  readonly trouble: Trouble;
  readonly when?: (call: FaultyCall) => boolean;
  /** How many calls it strikes; all without it. */
  readonly times?: number;
}

/** Faults that were asked for and have not struck yet. */
export interface Faults {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  readonly strike: (call: FaultyCall) => Trouble | undefined;
}

export function createFaults(): Faults {
  let waiting: { readonly fault: Fault; left: number }[] = [];

  return {
    add: (fault) => {
      waiting.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      waiting = [];
    },
    strike: (call) => {
      const struck = waiting.find(({ fault: { when = () => true } }) => when(call));
      if (struck === undefined) return undefined;
      struck.left--;
      if (struck.left <= 0) waiting = waiting.filter((each) => each !== struck);
      return struck.fault.trouble;
    },
  };
}
