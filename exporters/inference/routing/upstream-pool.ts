import type { Clock } from '../../../kit/clock.ts';
import type { Upstream } from '../gateway/gateway.ts';
import { type Candidate, createChoice, type RoutingPolicy } from './choose.ts';

/** An upstream and how it is. */
export interface PooledUpstream extends Candidate {
  readonly upstream: Upstream;
  readonly isUp: boolean;
}

/** How an attempt at an upstream ended. */
export type AttemptEnd = 'answered' | 'server_error' | 'unreachable' | 'timeout' | 'cancelled';

export interface PoolSettings {
  readonly policy: RoutingPolicy;
  /** Failures in a row after which an upstream is left alone. */
  readonly ejectAfter: number;
  readonly ejectSeconds: number;
}

/** Upstreams with their health, and the choice between them. */
export interface UpstreamPool {
  /** One that serves the model and was not tried yet; undefined if there is none. Nobody knows all models of an upstream that does not list them. */
  readonly choose: (model: string | undefined, tried: readonly string[]) => PooledUpstream | undefined;
  /** Whether there is another one that could be asked. */
  readonly hasOther: (model: string | undefined, tried: readonly string[]) => boolean;
  /** An attempt begins; the function that is returned ends it. */
  readonly begin: (name: string) => (end: AttemptEnd) => void;
  readonly setHealth: (name: string, isHealthy: boolean) => void;
  readonly setModels: (name: string, models: readonly string[]) => void;
  readonly setWaiting: (name: string, waiting: number | undefined) => void;
  /** Those that remain keep their health. */
  readonly replace: (upstreams: readonly Upstream[]) => void;
  readonly all: () => readonly PooledUpstream[];
  /** Whether the name is that of a model of any upstream. */
  readonly isServed: (model: string) => boolean;
}

interface PoolDeps {
  readonly clock: Clock;
  readonly onEjected: (name: string, seconds: number) => void;
  readonly onAttemptEnd: (name: string, end: AttemptEnd) => void;
}

interface State {
  upstream: Upstream;
  isHealthy: boolean;
  models: ReadonlySet<string> | undefined;
  active: number;
  waiting: number | undefined;
  sentSince: number;
  failures: number;
  ejections: number;
  ejectedUntil: number;
}

/** An upstream that fails again right after it came back is left alone for longer, up to so many times as long. */
const longestEjectionFactor = 8;
/** More names would make as many series. */
const maxModelsOfUpstream = 1000;

export function createUpstreamPool(
  start: readonly Upstream[],
  settings: PoolSettings,
  { clock, onEjected, onAttemptEnd }: PoolDeps,
): UpstreamPool {
  const choose = createChoice(settings.policy);
  let states = new Map<string, State>();

  function replace(upstreams: readonly Upstream[]): void {
    states = new Map(
      upstreams.map((upstream) => [upstream.name, stateOf(upstream, states.get(upstream.name))] as const),
    );
  }

  function isUp(state: State): boolean {
    return state.isHealthy && state.ejectedUntil <= clock.monotonic();
  }

  function view(state: State): PooledUpstream {
    const { upstream, active, waiting, sentSince } = state;
    return { upstream, name: upstream.name, weight: upstream.weight, active, waiting, sentSince, isUp: isUp(state) };
  }

  function serving(model: string | undefined): readonly State[] {
    const all = [...states.values()];
    if (model === undefined) return all;
    const known = all.filter(({ models }) => models === undefined || models.has(model));
    // A model that nobody lists may be an alias; the server itself says so if it is not.
    return known.length > 0 ? known : all;
  }

  function eject(state: State): void {
    const seconds = settings.ejectSeconds * Math.min(2 ** state.ejections, longestEjectionFactor);
    state.ejectedUntil = clock.monotonic() + seconds;
    state.ejections++;
    state.failures = 0;
    onEjected(state.upstream.name, seconds);
  }

  function settle(state: State, end: AttemptEnd): void {
    state.active--;
    onAttemptEnd(state.upstream.name, end);
    if (end === 'cancelled') return;
    if (end === 'answered') {
      state.failures = 0;
      state.ejections = 0;
      return;
    }
    state.failures++;
    if (state.failures >= settings.ejectAfter) eject(state);
  }

  function left(model: string | undefined, tried: readonly string[]): readonly State[] {
    return serving(model).filter(({ upstream }) => !tried.includes(upstream.name));
  }

  replace(start);
  return {
    choose: (model, tried) => {
      const untried = left(model, tried);
      const up = untried.filter(isUp);
      // Rather one that seems down than none: the check may be what is wrong.
      return choose((up.length > 0 ? up : untried).map(view));
    },
    hasOther: (model, tried) => left(model, tried).length > 0,
    begin: (name) => {
      const state = states.get(name);
      if (state === undefined) return () => undefined;
      state.active++;
      state.sentSince++;
      let hasEnded = false;
      return (end) => {
        if (hasEnded) return;
        hasEnded = true;
        settle(state, end);
      };
    },
    setHealth: (name, isHealthy) => {
      const state = states.get(name);
      if (state !== undefined) state.isHealthy = isHealthy;
    },
    setModels: (name, models) => {
      const state = states.get(name);
      if (state === undefined || state.upstream.models !== undefined) return;
      state.models = new Set(models.slice(0, maxModelsOfUpstream));
    },
    setWaiting: (name, waiting) => {
      const state = states.get(name);
      if (state === undefined) return;
      state.waiting = waiting;
      state.sentSince = 0;
    },
    replace,
    all: () => [...states.values()].map(view),
    isServed: (model) => [...states.values()].some(({ models }) => models?.has(model) === true),
  };
}

function stateOf(upstream: Upstream, before: State | undefined): State {
  const models = upstream.models === undefined ? before?.models : new Set(upstream.models);
  if (before !== undefined && before.upstream.url.href === upstream.url.href) {
    before.upstream = upstream;
    before.models = models;
    return before;
  }
  return {
    upstream,
    isHealthy: true,
    models,
    active: 0,
    waiting: undefined,
    sentSince: 0,
    failures: 0,
    ejections: 0,
    ejectedUntil: 0,
  };
}
