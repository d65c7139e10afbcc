import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchObserver } from './batch.ts';

/** What vLLM shows at /metrics, with its names, labels and bucket bounds. */
export interface VllmMetrics extends BatchObserver {
  readonly lookedUp: (tokens: number, hits: number) => void;
  readonly ended: (reason: 'stop' | 'length') => void;
  readonly render: (now: {
    readonly running: number;
    readonly waiting: number;
    readonly cacheRatio: number;
  }) => Promise<string>;
}

const firstTokenBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
const tokenBuckets = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const requestBuckets = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
const finishedReasons = ['stop', 'length', 'abort', 'error'] as const;

export function createVllmMetrics(modelName: string): VllmMetrics {
  const registry = new Registry();
  const own = { model_name: modelName, engine: '0' } as const;
  const labels = { labelNames: Object.keys(own), registers: [registry] };

  function counter(name: string, help: string) {
    const made = new Counter({ name, help, ...labels });
    made.inc(own, 0);
    return (by = 1) => made.inc(own, by);
  }

  function histogram(name: string, help: string, buckets: number[]) {
    const made = new Histogram({ name, help, buckets, ...labels });
    made.zero(own);
    return (value: number) => made.observe(own, value);
  }

  function gauge(name: string, help: string) {
    const made = new Gauge({ name, help, ...labels });
    return (value: number) => made.set(own, value);
  }

  const running = gauge('vllm:num_requests_running', 'Number of requests in model execution batches.');
  const waiting = gauge('vllm:num_requests_waiting', 'Number of requests waiting to be processed.');
  const cache = gauge('vllm:kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.');
  const queries = counter(
    'vllm:prefix_cache_queries_total',
    'Prefix cache queries, in terms of number of queried tokens.',
  );
  const hits = counter('vllm:prefix_cache_hits_total', 'Prefix cache hits, in terms of number of cached tokens.');
  const preemptions = counter('vllm:num_preemptions_total', 'Cumulative number of preemption from the engine.');
  const prompts = counter('vllm:prompt_tokens_total', 'Number of prefill tokens processed.');
  const cachedPrompts = counter('vllm:prompt_tokens_cached_total', 'Number of cached prompt tokens.');
  const generated = counter('vllm:generation_tokens_total', 'Number of generation tokens processed.');
  const successes = new Counter({
    name: 'vllm:request_success_total',
    help: 'Count of successfully processed requests.',
    labelNames: [...Object.keys(own), 'finished_reason'],
    registers: [registry],
  });
  // An answer that the client left is none of these in vLLM either (its issue 31503), so that abort stays 0.
  for (const reason of finishedReasons) successes.inc({ ...own, finished_reason: reason }, 0);
  const firstToken = histogram(
    'vllm:time_to_first_token_seconds',
    'Histogram of time to first token in seconds.',
    firstTokenBuckets,
  );
  const betweenTokens = histogram(
    'vllm:inter_token_latency_seconds',
    'Histogram of inter-token latency in seconds.',
    tokenBuckets,
  );
  const perToken = histogram(
    'vllm:request_time_per_output_token_seconds',
    'Histogram of time_per_output_token_seconds per request.',
    tokenBuckets,
  );
  const whole = histogram(
    'vllm:e2e_request_latency_seconds',
    'Histogram of e2e request latency in seconds.',
    requestBuckets,
  );
  const queue = histogram(
    'vllm:request_queue_time_seconds',
    'Histogram of time spent in WAITING phase for request.',
    requestBuckets,
  );

  return {
    started: (_, queueSeconds) => queue(queueSeconds),
    firstToken: ({ promptTokens, cachedTokens }, seconds) => {
      prompts(promptTokens);
      cachedPrompts(cachedTokens);
      generated();
      firstToken(seconds);
    },
    nextToken: (seconds) => {
      generated();
      betweenTokens(seconds);
    },
    finished: ({ answerTokens }, { wholeSeconds, secondsAfterFirstToken }) => {
      whole(wholeSeconds);
      if (answerTokens > 1) perToken(secondsAfterFirstToken / (answerTokens - 1));
    },
    preempted: () => preemptions(),
    lookedUp: (tokens, hit) => {
      queries(tokens);
      hits(hit);
    },
    ended: (reason) => successes.inc({ ...own, finished_reason: reason }),
    render: (now) => {
      running(now.running);
      waiting(now.waiting);
      cache(now.cacheRatio);
      return registry.metrics();
    },
  };
}
