import type { Clock } from '../../../kit/clock.ts';
import { type RunningEngine, startEngine } from './engine/start-engine.ts';
import { createServingTruth, type ServingTruth } from './serving-truth.ts';
import { type SimulatedServingKey, simulatedEngines } from './simulated-engines.ts';
import { type SimulatedTenant, simulatedTenants } from './simulated-tenants.ts';
import { startTraffic, type Traffic } from './traffic/start-traffic.ts';

/** LLM serving of the simulated cluster: engines that wait for requests, and tenants that can send them. */
export interface SimulatedServing {
  readonly engines: readonly RunningEngine[];
  readonly tenants: readonly SimulatedTenant[];
  /** What the engines did. */
  readonly truth: ServingTruth;
  /** Lets the tenants send to the proxy, until that second if it is given. With it the seconds of the simulation begin. */
  readonly send: (proxyUrl: string, untilSecond?: number) => Traffic;
  readonly stop: () => Promise<void>;
}

interface Deps {
  readonly clock: Clock;
  /** How many times as fast as people see it; 1 unless a test is in a hurry. */
  readonly speed?: number;
}

/** Starts the engines of the simulated cluster, each on a free port of loopback. */
export async function startSimulatedServing(
  key: SimulatedServingKey,
  { clock, speed = 1 }: Deps,
): Promise<SimulatedServing> {
  let startedAt: number | undefined;
  const second = (): number => (startedAt === undefined ? 0 : (clock.monotonic() - startedAt) * speed);
  const truth = createServingTruth();
  const tenants = simulatedTenants(key);
  const tenantOfKey = new Map(tenants.map(({ apiKey, name }) => [apiKey, name]));
  const tenantOf = (apiKey = ''): string => tenantOfKey.get(apiKey) ?? 'unknown';
  const engines = await Promise.all(
    simulatedEngines(key).map((engine) => startEngine(engine, { clock, second, speed, truth, tenantOf })),
  );
  const traffics: Traffic[] = [];
  return {
    engines,
    tenants,
    truth,
    send: (url, untilSecond) => {
      startedAt ??= clock.monotonic();
      const traffic = startTraffic({ seed: key.seed, tenants, url, untilSecond }, { second, speed });
      traffics.push(traffic);
      return traffic;
    },
    stop: async () => {
      for (const traffic of traffics) traffic.stop();
      await Promise.all(engines.map((engine) => engine.stop()));
    },
  };
}
