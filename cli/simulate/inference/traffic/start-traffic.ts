import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { type Timer, timer } from '../../../../kit/timer.ts';
import type { SimulatedTenant, TrafficShape } from '../simulated-tenants.ts';
import { type PlannedRequest, plannedRequests } from './planned-requests.ts';
import { clientRequest } from './request-body.ts';
import { type ClientOutcome, sendRequest } from './send-request.ts';

/** What the clients of one tenant saw, counted by themselves. */
export interface ClientCounts {
  readonly tenant: string;
  readonly outcome: ClientOutcome;
  readonly requests: number;
}

export interface Traffic {
  readonly counts: () => readonly ClientCounts[];
  /** Resolves when all that was to be sent was sent and has ended; never where there is no end. */
  readonly done: Promise<void>;
  /** Breaks off what is under way. */
  readonly stop: () => void;
}

interface TrafficSettings {
  readonly seed: number;
  readonly tenants: readonly SimulatedTenant[];
  /** Of the proxy. */
  readonly url: string;
  /** Second of the simulation after which nothing more is sent; undefined for no end. */
  readonly untilSecond?: number | undefined;
}

interface TrafficDeps {
  /** Second of the simulation. */
  readonly second: () => number;
  /** How many times as fast as people see it. */
  readonly speed: number;
}

/** An engine that hangs must not fill the memory of the machine with clients that wait. */
const mostAtOnce = 200;
const patienceSeconds = 25;

/** Lets the clients of all tenants send what they planned, each when its time has come. */
export function startTraffic(settings: TrafficSettings, { second, speed }: TrafficDeps): Traffic {
  const { seed, url, untilSecond = Number.POSITIVE_INFINITY } = settings;
  const agent = new Agent({ keepAlive: true });
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const counts = new Map<string, ClientCounts>();
  const timers: Timer[] = [];

  function count(tenant: string, outcome: ClientOutcome): void {
    const key = `${tenant} ${outcome}`;
    counts.set(key, { tenant, outcome, requests: (counts.get(key)?.requests ?? 0) + 1 });
  }

  async function send({ name, apiKey }: SimulatedTenant, index: number, planned: PlannedRequest): Promise<void> {
    const { goesAfterTokens } = planned;
    const request = { ...clientRequest(seed, index, planned), url, apiKey, goesAfterTokens, patienceSeconds };
    const outcome = await sendRequest(request, { agent, signal: over.signal });
    if (!over.signal.aborted) count(name, outcome);
  }

  function play(tenant: SimulatedTenant, index: number, shape: TrafficShape): Promise<void> {
    const plan = plannedRequests(seed, index, shape);
    const next = timer();
    timers.push(next);
    let active = 0;
    let isOver = false;
    return new Promise((resolve) => {
      function settle(): void {
        if (active === 0 && isOver) resolve();
      }

      function schedule(): void {
        const planned = plan.next().value;
        isOver = planned.second > untilSecond;
        settle();
        if (isOver) return;
        next.set(Math.max(0, planned.second - second()) / speed, () => {
          if (active < mostAtOnce) begin(planned);
          schedule();
        });
      }

      function begin(planned: PlannedRequest): void {
        active++;
        void send(tenant, index, planned).finally(() => {
          active--;
          settle();
        });
      }

      schedule();
    });
  }

  const plays = settings.tenants.flatMap((tenant, index) =>
    tenant.traffic === undefined ? [] : [play(tenant, index, tenant.traffic)],
  );
  return {
    counts: () => [...counts.values()],
    done: Promise.all(plays).then(() => undefined),
    stop: () => {
      for (const each of timers) each.clear();
      over.abort();
      agent.destroy();
    },
  };
}
