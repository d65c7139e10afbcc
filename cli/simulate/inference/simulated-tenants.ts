import { createHash } from 'node:crypto';
import { inferenceEventOf } from './scenarios.ts';
import type { SimulatedServingKey } from './simulated-engines.ts';
import type { SimulatedModelName } from './simulated-models.ts';

/** What the clients of one tenant send. Lengths are means. */
export interface TrafficShape {
  readonly requestsPerSecond: number;
  /** Models and how often each is asked, relative to the others. */
  readonly models: readonly { readonly name: SimulatedModelName; readonly share: number }[];
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly streamShare: number;
  /** Of the streams: those that nobody reads to their end. */
  readonly cancelShare: number;
  /** Of all: half of them for a model that nobody serves, the others with too long a prompt. */
  readonly errorShare: number;
  readonly burst: { readonly fromSecond: number; readonly factor: number } | undefined;
}

/** As the file of the proxy names them. */
export interface SimulatedLimits {
  readonly models?: readonly string[];
  readonly requests_per_minute?: number;
  readonly tokens_per_minute?: number;
  readonly concurrency?: number;
  readonly queue_timeout?: string;
  readonly tokens_per_day?: number;
  readonly tokens_per_month?: number;
}

export interface SimulatedTenant {
  readonly name: string;
  /** Its API key, which is kept in memory alone. */
  readonly apiKey: string;
  readonly limits: SimulatedLimits;
  /** Undefined for the tenant whose key is there for people to try. */
  readonly traffic: TrafficShape | undefined;
}

const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const coder = 'Qwen/Qwen2.5-Coder-7B-Instruct';
const gemma = 'gemma3:4b';

type Plan = Omit<SimulatedTenant, 'apiKey' | 'traffic'> & {
  readonly traffic: Omit<TrafficShape, 'burst'> | undefined;
};

const plans: readonly Plan[] = [
  {
    name: 'team-a',
    limits: { tokens_per_day: 40_000_000 },
    traffic: {
      requestsPerSecond: 0.9,
      models: [
        { name: llama, share: 3 },
        { name: coder, share: 1 },
      ],
      promptTokens: 120,
      answerTokens: 45,
      streamShare: 0.8,
      cancelShare: 0.05,
      errorShare: 0.02,
    },
  },
  {
    name: 'team-b',
    limits: { requests_per_minute: 60, concurrency: 6, tokens_per_day: 6_000_000 },
    traffic: {
      requestsPerSecond: 0.25,
      models: [{ name: llama, share: 1 }],
      promptTokens: 100,
      answerTokens: 30,
      streamShare: 0.5,
      cancelShare: 0.02,
      errorShare: 0.02,
    },
  },
  {
    name: 'research',
    limits: { models: [llama, gemma], concurrency: 8, queue_timeout: '10s', tokens_per_month: 400_000_000 },
    traffic: {
      requestsPerSecond: 0.25,
      models: [
        { name: gemma, share: 3 },
        { name: llama, share: 2 },
      ],
      promptTokens: 300,
      answerTokens: 60,
      streamShare: 0.7,
      cancelShare: 0.03,
      errorShare: 0,
    },
  },
  {
    name: 'ide-plugin',
    limits: { models: [coder], tokens_per_minute: 60_000 },
    traffic: {
      requestsPerSecond: 0.8,
      models: [{ name: coder, share: 1 }],
      promptTokens: 200,
      answerTokens: 25,
      streamShare: 1,
      cancelShare: 0.15,
      errorShare: 0,
    },
  },
  { name: 'demo', limits: { requests_per_minute: 30 }, traffic: undefined },
];

/** Who sends LLM requests, and what each may do. The same key gives the same tenants. */
export function simulatedTenants({ seed, scenario }: SimulatedServingKey): readonly SimulatedTenant[] {
  const { burst } = inferenceEventOf(scenario);
  return plans.map(({ traffic, ...plan }) => ({
    ...plan,
    apiKey: `sk-simulated-${plan.name}-${hashOf(`${seed} ${plan.name}`).slice(0, 16)}`,
    traffic: traffic === undefined ? undefined : { ...traffic, burst: burst?.tenant === plan.name ? burst : undefined },
  }));
}

/** One line for each key, as `--proxy.keys-file` takes them. */
export function keysFileOf(tenants: readonly SimulatedTenant[]): string {
  return tenants.map(({ name, apiKey }) => `${hashOf(apiKey)} ${name}\n`).join('');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
