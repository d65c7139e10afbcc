import { Registry } from 'prom-client';
import { createProxyCounters } from '../../../../exporters/inference/metering/proxy-counters.ts';
import type { EndedRequest } from '../../../../exporters/inference/metering/request-end.ts';
import { createServingMetrics } from '../../../../exporters/inference/metering/serving-metrics.ts';
import { defaultSlo, type SloSettings, withThresholds } from '../../../../exporters/inference/metering/slo.ts';
import { registryFamilies } from '../../../../kit/exposition/prom-client.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { expectGolden } from '../../../support/golden.ts';
import { sumOf } from '../../../support/inference-proxy.ts';

const labels = { engineKind: 'proxy', modelName: 'llama-3.1-8b', tenant: 'web' };
const success = { status: 'success', reason: '' } as const;
const counted = { input: 100, generated: 11, cached: 40, reasoning: 3 };

function metrics(slo: SloSettings = defaultSlo) {
  const time = { now: 1000 };
  const registry = new Registry();
  const ended: EndedRequest[] = [];
  const serving = createServingMetrics({
    registry,
    slo,
    clock: { now: () => time.now, monotonic: () => time.now },
    onEnded: (request) => ended.push(request),
  });
  const begin = (more: Partial<typeof labels> = {}) =>
    serving.begin({ labels: { ...labels, ...more }, operation: 'chat', startedAt: time.now });
  const text = async () => renderExposition('text', await registryFamilies(registry));
  const sum = async (name: string, where: Readonly<Record<string, string>> = {}) => sumOf(await text(), name, where);
  return { time, registry, serving, begin, text, sum, ended };
}

/** Pieces at these seconds from now on. */
function pieces({ time, begin }: ReturnType<typeof metrics>, seconds: readonly number[]) {
  const request = begin();
  const start = time.now;
  for (const second of seconds) {
    time.now = start + second;
    request.piece();
  }
  return request;
}

test('all that is counted of requests', async () => {
  const { time, serving, registry, begin, text } = metrics();
  const request = begin();
  request.received(321);
  time.now += 0.25;
  request.handedOver();
  for (const wait of [0.5, 0.02, 0.02]) {
    time.now += wait;
    request.piece();
  }
  request.usage(counted);
  request.sent(1234);
  time.now += 0.5;
  expect(request.end(success)).toBe(111);
  const cut = begin();
  cut.expectUsage();
  time.now += 1;
  cut.piece();
  cut.end({ status: 'cancelled', reason: '' });
  begin();
  serving.refused(labels, { status: 'rejected', reason: 'rate_limit' });
  const counters = createProxyCounters(registry);
  counters.malformed('request_json');
  counters.collapsed('model_name');
  counters.retried('vllm-a');
  counters.ejected('vllm-a');
  counters.attempted('vllm-a', 'answered');
  expectGolden('inference/proxy/requests.prom', await text());
});

describe('times', () => {
  test('the time per token is what follows the first over the tokens that follow it', () => {
    const measured = metrics();
    const request = pieces(measured, [1, 1.5, 2]);
    request.usage(counted);
    measured.time.now += 5;
    request.end(success);
    expect(measured.ended[0]).toMatchObject({ firstTokenSeconds: 1, secondsPerOutputToken: 0.1, seconds: 7 });
  });

  test.each([
    ['one token', [1], 1],
    ['one piece of many tokens', [1], 50],
    ['no piece', [], 50],
  ])('there is none for %s', (_name, at, generated) => {
    const measured = metrics();
    const request = pieces(measured, at);
    request.usage({ ...counted, generated });
    request.end(success);
    expect(measured.ended[0]?.secondsPerOutputToken).toBeUndefined();
  });

  test('a request that is handed on again waited until the first time', () => {
    const { time, begin, ended } = metrics();
    const request = begin();
    time.now += 1;
    request.handedOver();
    time.now += 1;
    request.handedOver();
    request.end(success);
    expect(ended[0]?.queueSeconds).toBe(1);
  });
});

describe('tokens', () => {
  test('only the first ending counts', async () => {
    const { begin, sum } = metrics();
    const request = begin();
    request.usage(counted);
    expect([request.end(success), request.end({ status: 'error', reason: 'x' })]).toEqual([111, 0]);
    expect(await sum('inference_requests_total')).toBe(1);
    expect(await sum('inference_tokens_generated_total')).toBe(11);
    expect(await sum('inference_active_connections')).toBe(0);
  });

  test('usage that is told again replaces what was told, and keeps what is not told again', () => {
    const { begin, ended } = metrics();
    const request = begin();
    request.usage({ input: 5, generated: 1, cached: 2, reasoning: undefined });
    request.usage({ input: undefined, generated: 4, cached: undefined, reasoning: 1 });
    request.end(success);
    expect(ended[0]?.usage).toEqual({ input: 5, generated: 4, cached: 2, reasoning: 1 });
  });

  test.each([
    ['a stream that was cut', { status: 'cancelled', reason: '' } as const, 3, 'cut'],
    ['a whole stream', success, 3, 'absent'],
    ['a whole answer', success, 0, 'absent'],
    ['nothing before the end', { status: 'cancelled', reason: '' } as const, 0, undefined],
  ])('%s without usage', async (_name, ending, count, reason) => {
    const measured = metrics();
    const request = pieces(measured, Array(count).fill(0.1));
    request.expectUsage();
    expect(request.end(ending)).toBe(count);
    expect(await measured.sum('inference_tokens_estimated_total')).toBe(count);
    expect(await measured.sum('inference_usage_missing_total', reason === undefined ? {} : { reason })).toBe(
      reason === undefined ? 0 : 1,
    );
  });

  test('an answer too long to be read', async () => {
    const { begin, sum } = metrics();
    const request = begin();
    request.expectUsage();
    request.usageTooLarge();
    request.end(success);
    expect(await sum('inference_usage_missing_total', { reason: 'too_large' })).toBe(1);
  });
});

describe('objectives', () => {
  const own = { ...defaultSlo, ttft: 1.23, tpot: 0.042, models: new Map([['fast', { ttft: 0.3 }]]) };

  test('a threshold is a bucket bound', async () => {
    const { text, begin } = metrics(own);
    const request = begin();
    request.piece();
    request.end(success);
    const shown = await text();
    for (const le of ['1.23', '0.3', '2'])
      expect(shown).toContain(`inference_time_to_first_token_seconds_bucket{le="${le}",`);
    expect(shown).toContain('inference_slo_threshold_seconds{model_name="",slo="ttft"} 1.23');
    expect(shown).toContain('inference_slo_threshold_seconds{model_name="fast",slo="ttft"} 0.3');
    expect(shown).toContain('inference_slo_threshold_seconds{model_name="",slo="tpot"} 0.042');
    expect(withThresholds([1, 2], [2, 1.5, 1.5])).toEqual([1, 1.5, 2]);
  });

  test('good events agree with the bucket of the threshold', async () => {
    const measured = metrics(own);
    for (const seconds of [0.5, 1.23, 1.2300001, 9]) {
      measured.time.now = 0;
      const request = pieces(measured, [seconds, seconds + 0.3]);
      request.usage({ ...counted, generated: 11 });
      request.end(success);
    }
    const { sum } = measured;
    expect(await sum('inference_slo_events_total', { slo: 'ttft' })).toBe(4);
    const good = await sum('inference_slo_good_events_total', { slo: 'ttft' });
    expect(good).toBe(2);
    expect(await sum('inference_time_to_first_token_seconds_bucket', { le: '1.23' })).toBe(good);
    expect(await sum('inference_slo_good_events_total', { slo: 'tpot' })).toBe(4);
  });

  test.each([
    [success, 1, 1],
    [{ status: 'error', reason: 'server_error' } as const, 1, 0],
    [{ status: 'error', reason: 'rate_limited' } as const, 1, 0],
    [{ status: 'timeout', reason: 'idle' } as const, 1, 0],
    [{ status: 'error', reason: 'client_error' } as const, 0, 0],
    [{ status: 'error', reason: 'client_stalled' } as const, 0, 0],
    [{ status: 'cancelled', reason: '' } as const, 0, 0],
  ])('availability: %j', async (ending, events, good) => {
    const { begin, sum } = metrics();
    begin().end(ending);
    expect(await sum('inference_slo_events_total', { slo: 'availability' })).toBe(events);
    expect(await sum('inference_slo_good_events_total', { slo: 'availability' })).toBe(good);
  });

  test('an objective that was never met has a series too', async () => {
    const { begin, text } = metrics();
    begin().end({ status: 'timeout', reason: 'idle' });
    expect(await text()).toContain(
      'inference_slo_good_events_total{model_name="llama-3.1-8b",tenant="web",slo="availability"} 0',
    );
  });

  test('whoever leaves because the first token takes too long has not seen a good one', async () => {
    const { time, begin, sum } = metrics();
    const [soon, late] = [begin(), begin()];
    time.now += 1;
    soon.end({ status: 'cancelled', reason: '' });
    time.now += 1.5;
    late.end({ status: 'cancelled', reason: '' });
    expect(await sum('inference_slo_events_total', { slo: 'ttft' })).toBe(1);
    expect(await sum('inference_slo_good_events_total', { slo: 'ttft' })).toBe(0);
  });

  test("a refusal by policy is nobody's fault, one for want of memory is ours", async () => {
    const { serving, sum } = metrics();
    serving.refused(labels, { status: 'rejected', reason: 'token_budget' });
    expect(await sum('inference_slo_events_total')).toBe(0);
    serving.refused(labels, { status: 'rejected', reason: 'overload' });
    expect(await sum('inference_slo_events_total', { slo: 'availability' })).toBe(1);
  });
});
