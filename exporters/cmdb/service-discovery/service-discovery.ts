import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { createListRenderer, type ListRenderer, type RenderedList } from './render-list.ts';
import type { SdSettings } from './sd-list.ts';

/** Lists of targets for Prometheus. A list is never empty because something is wrong. */
export interface ServiceDiscovery {
  /** Undefined if there is no such list. */
  readonly answer: (name: string) => Promise<SdAnswer | undefined>;
  /** As `answer`, for whoever is not Prometheus: a refusal is not counted. */
  readonly look: (name: string) => Promise<SdAnswer | undefined>;
  /** Takes a list that has shrunk as it is now. Undefined if there is no such list. */
  readonly accept: (name: string) => Promise<RenderedList | undefined>;
  readonly overview: () => readonly SdOverview[];
  /** Applies other settings; what was good before is remembered. */
  readonly setSettings: (settings: SdSettings) => void;
}

export type SdAnswer =
  | { readonly kind: 'list'; readonly list: RenderedList }
  /** Prometheus keeps what it has. */
  | { readonly kind: 'refused'; readonly reason: string; readonly hasShrunk: boolean };

export interface SdOverview {
  readonly name: string;
  readonly class: string;
  /** Of the last good answer; undefined as long as there was none. */
  readonly targets: number | undefined;
  /** Answers that were refused since the start because too many targets were gone. */
  readonly refused: number;
  /** Why the list is refused at present. */
  readonly refusal: string | undefined;
  readonly withoutAddress: number;
  readonly repeated: number;
}

/** Where the number of targets of the last good answer is kept over restarts. */
export interface GoodCounts {
  readonly load: () => Promise<ReadonlyMap<string, number>>;
  readonly save: (list: string, targets: number) => Promise<void>;
}

export interface ServiceDiscoveryDeps {
  readonly inventory: Inventory;
  /** Why the database does not answer; undefined while it does. */
  readonly trouble: () => string | undefined;
  readonly counts: GoodCounts;
  readonly clock: Clock;
  readonly log: Log;
}

interface ListState {
  renderer: ListRenderer;
  class: string;
  revision: number | undefined;
  rendered: RenderedList | undefined;
  /** Targets of the last good answer. */
  good: number | undefined;
  refused: number;
  refusal: string | undefined;
}

export function createServiceDiscovery(settings: SdSettings, deps: ServiceDiscoveryDeps): ServiceDiscovery {
  const { inventory, clock, log, counts } = deps;
  let { maxShrink, maxAgeSeconds } = settings;
  let states = statesOf(settings, new Map());
  let loading: Promise<void> | undefined;

  /** Without the numbers from before a restart nothing can be compared, so nothing is answered until they are there. */
  function load(): Promise<void> {
    loading ??= counts.load().then(
      (known) => {
        for (const [name, targets] of known) {
          const state = states.get(name);
          if (state !== undefined) state.good ??= targets;
        }
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  }

  function render(state: ListState): RenderedList {
    if (state.rendered === undefined || state.revision !== inventory.revision) {
      state.revision = inventory.revision;
      state.rendered = state.renderer(inventory);
    }
    return state.rendered;
  }

  async function keep(name: string, state: ListState, targets: number): Promise<void> {
    if (state.good === targets) return;
    state.good = targets;
    try {
      await counts.save(name, targets);
    } catch (error) {
      log.warn('the number of targets cannot be kept for after a restart', { list: name, reason: reasonOf(error) });
    }
  }

  function refuse(name: string, state: ListState, reason: string, hasShrunk = false): SdAnswer {
    if (state.refusal !== reason) log.warn('service discovery refuses a list', { list: name, reason });
    state.refusal = reason;
    return { kind: 'refused', reason, hasShrunk };
  }

  function tooOld(): string | undefined {
    const trouble = deps.trouble();
    const age = clock.now() - inventory.at;
    if (trouble === undefined || age <= maxAgeSeconds) return undefined;
    return `the database has not answered for ${Math.round(age)} s: ${trouble}`;
  }

  async function look(name: string, state: ListState): Promise<SdAnswer> {
    const old = tooOld();
    if (old !== undefined) return refuse(name, state, old);
    try {
      await load();
    } catch (error) {
      return refuse(name, state, `the lists from before the start cannot be read: ${reasonOf(error)}`);
    }
    const rendered = render(state);
    const { good } = state;
    const lost = (good ?? 0) - rendered.targets;
    // 50 % of 4 is 2, and 2 may go.
    if (good !== undefined && lost > good * maxShrink) {
      const remedy = `if that is right, POST /api/v1/sd/${name}/accept`;
      return refuse(name, state, `${lost} of ${good} targets are gone at once; ${remedy}`, true);
    }
    state.refusal = undefined;
    await keep(name, state, rendered.targets);
    return { kind: 'list', list: rendered };
  }

  return {
    answer: async (name) => {
      const state = states.get(name);
      const answer = state === undefined ? undefined : await look(name, state);
      if (state !== undefined && answer?.kind === 'refused' && answer.hasShrunk) state.refused++;
      return answer;
    },
    look: async (name) => {
      const state = states.get(name);
      return state === undefined ? undefined : look(name, state);
    },
    accept: async (name) => {
      const state = states.get(name);
      if (state === undefined) return undefined;
      await load();
      const rendered = render(state);
      state.refusal = undefined;
      await keep(name, state, rendered.targets);
      return rendered;
    },
    overview: () =>
      [...states].map(([name, state]) => ({
        name,
        class: state.class,
        targets: state.good,
        refused: state.refused,
        refusal: state.refusal,
        withoutAddress: state.rendered?.withoutAddress ?? 0,
        repeated: state.rendered?.repeated ?? 0,
      })),
    setSettings: (next) => {
      ({ maxShrink, maxAgeSeconds } = next);
      states = statesOf(next, states);
      // Lists that are new may have been known before the start.
      loading = undefined;
    },
  };
}

function statesOf(
  { lists, hasReadyLabels }: SdSettings,
  before: ReadonlyMap<string, ListState>,
): ReadonlyMap<string, ListState> {
  return new Map(
    lists.map((list) => [
      list.name,
      {
        renderer: createListRenderer(list, hasReadyLabels),
        class: list.class,
        revision: undefined,
        rendered: undefined,
        good: before.get(list.name)?.good,
        refused: before.get(list.name)?.refused ?? 0,
        refusal: undefined,
      },
    ]),
  );
}
