import { type OpenMetricsContentType, Registry } from 'prom-client';
import { InferenceMetrics } from '../../../../exporters/inference/client/inference-metrics.ts';
import { parseExposition } from '../../../support/exposition.ts';
import { expectGolden } from '../../../support/golden.ts';
import { shown } from './shown.ts';

function heldClock() {
  let seconds = 0;
  return {
    clock: { now: () => 1_800_000_000, monotonic: () => seconds },
    pass: (more: number) => {
      seconds += more;
    },
  };
}

test('everything that a service tells of itself', async () => {
  const { clock, pass } = heldClock();
  const metrics = new InferenceMetrics({ clock, processMetrics: false, models: ['llama', 'bert'] });
  const streamed = metrics.start({ model: 'llama', tenant: 'team-a', operation: 'chat' });
  streamed.received(120);
  pass(0.25);
  streamed.working();
  for (const seconds of [0.5, 0.125, 0.125, 0.125]) {
    pass(seconds);
    streamed.piece();
    streamed.sent(40);
  }
  streamed.usage({ input: 12, generated: 7, cached: 8, reasoning: 2 });
  streamed.end();
  metrics.start({ model: 'bert' }).fail(new Error('out of memory'));
  metrics.start({ model: 'bert' }).fail(Object.assign(new Error('no such input'), { status: 422 }));
  metrics.start({ model: 'bert' }).cancel();
  metrics.start({ model: 'bert' }).fail(new DOMException('too slow', 'TimeoutError'));
  metrics.start({ model: 'bert' });
  metrics.cacheHit('llama');
  metrics.cacheHit('llama', 2);
  metrics.cacheMiss('llama');
  metrics.setModelAccuracy('bert', 0.875, { dataset: 'glue', threshold: 0.8 });
  metrics.setModelAccuracy('llama', 0.5);
  const { body } = await metrics.scrape();
  parseExposition('text', body);
  expectGolden('inference/service/everything.prom', body);
});

describe('a request that is measured by hand', () => {
  test('ends once', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false });
    const request = metrics.start({ model: 'm' });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({ 'model_name=m': 1 });
    request.end();
    request.fail(new Error('too late'));
    request.cancel();
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ 'model_name=m status=success': 1 });
    expect(await shown(metrics, 'inference_active_connections')).toEqual({});
  });

  test('has tokens that are counted by pieces where nobody tells them', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false });
    const request = metrics.start({ model: 'm' });
    for (let piece = 0; piece < 3; piece++) request.piece();
    request.end();
    expect(await shown(metrics, 'inference_tokens_generated_total')).toEqual({ 'model_name=m': 3 });
    expect(await shown(metrics, 'inference_tokens_estimated_total')).toEqual({ 'model_name=m': 3 });
  });

  test('takes no number that would spoil a counter', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false });
    const request = metrics.start({ model: 'm' });
    request.usage({ input: Number.NaN, generated: -3, cached: 0.5, reasoning: Number.POSITIVE_INFINITY });
    request.received(Number.NaN);
    request.sent(-1);
    request.end();
    metrics.cacheHit('m', Number.NaN);
    metrics.cacheMiss('m', -1);
    for (const name of ['tokens_input', 'tokens_generated', 'request_bytes', 'response_bytes']) {
      expect(await shown(metrics, `inference_${name}_total`)).toEqual({});
    }
    expect(await shown(metrics, 'model_cache_hits_total')).toEqual({});
    expect(await shown(metrics, 'model_cache_misses_total')).toEqual({});
  });

  test.each([
    ['an abort', new DOMException('gone', 'AbortError'), 'status=cancelled'],
    ['a timeout', new DOMException('slow', 'TimeoutError'), 'status=timeout'],
    ['the status 400', Object.assign(new Error('bad'), { statusCode: 400 }), 'status=error reason=client_error'],
    ['the status 503', Object.assign(new Error('bad'), { status: 503 }), 'status=error reason=server_error'],
    ['the status 200', Object.assign(new Error('odd'), { status: 200 }), 'status=error reason=server_error'],
    ['a text', 'no error', 'status=error reason=server_error'],
    ['nothing', undefined, 'status=error reason=server_error'],
  ])('fails by what was thrown: %s', async (_name, error, labels) => {
    const metrics = new InferenceMetrics({ processMetrics: false });
    metrics.start({ model: 'm' }).fail(error);
    expect(await shown(metrics, 'inference_requests_total')).toEqual({ [`model_name=m ${labels}`]: 1 });
  });
});

describe('names', () => {
  async function modelsShown(metrics: InferenceMetrics, names: readonly string[]) {
    for (const model of names) metrics.start({ model, tenant: `${model}-tenant` }).end();
    return shown(metrics, 'inference_requests_total');
  }

  test('beyond the bound are one', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false, maxModels: 2, maxTenants: 1 });
    expect(await modelsShown(metrics, ['a', 'b', 'c', 'd', 'a'])).toEqual({
      'model_name=a tenant=a-tenant status=success': 2,
      'model_name=b tenant=other status=success': 1,
      'model_name=other tenant=other status=success': 2,
    });
  });

  test('that are no names are other, and a request without one has the default', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false, defaultModel: 'house' });
    const bad = ['a\nb', '\u0000', 'x'.repeat(257), '\ud800', '\ud801'];
    for (const model of bad) metrics.start({ model }).end();
    for (const model of ['', undefined]) metrics.start({ model }).end();
    expect(await shown(metrics, 'inference_requests_total')).toEqual({
      'model_name=house status=success': 2,
      'model_name=other status=success': 5,
    });
  });

  test('ten thousand from outside leave no more series than the bound', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false, models: ['llama'] });
    for (let number = 0; number < 10_000; number++) {
      metrics.start({ model: `llama-${number}`, tenant: `t${number}` }).end();
      metrics.cacheHit(`llama-${number}`);
      metrics.setModelAccuracy(`llama-${number}`, 0.5, { dataset: `d${number}` });
    }
    expect(Object.keys(await shown(metrics, 'inference_requests_total'))).toHaveLength(101);
    expect(await shown(metrics, 'model_cache_hits_total')).toEqual({ 'model_name=other': 10_000 });
    expect(Object.keys(await shown(metrics, 'model_accuracy'))).toHaveLength(101);
  });

  test('that are known have room whatever came before', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false, models: ['a', 'b', 'c'], maxModels: 1 });
    expect(Object.keys(await modelsShown(metrics, ['z', 'a', 'b', 'c']))).toHaveLength(4);
  });
});

describe('the registry', () => {
  test('may be that of the application, with its own metrics', async () => {
    const registry = new Registry();
    const metrics = new InferenceMetrics({ registry });
    metrics.start({ model: 'm', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }).end();
    expect(metrics.registry).toBe(registry);
    const own = await registry.metrics();
    expect(own).toContain('inference_requests_total{');
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes']) {
      expect(own).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
    expect(own).not.toContain('trace_id');
    parseExposition('text', (await metrics.scrape()).body);
  });

  test('cannot have it twice', () => {
    const registry = new Registry();
    new InferenceMetrics({ registry, processMetrics: false });
    expect(() => new InferenceMetrics({ registry })).toThrow('this registry has InferenceMetrics already');
    new InferenceMetrics({ registry: new Registry() });
  });

  test('keeps the process metrics that it has', () => {
    const registry = new Registry();
    new InferenceMetrics({ registry });
    expect(registry.getSingleMetric('process_cpu_seconds_total')).toBeDefined();
    const without = new InferenceMetrics({ processMetrics: false });
    expect(without.registry.getSingleMetric('process_cpu_seconds_total')).toBeUndefined();
  });

  test.each([
    ['of its own', undefined],
    ['for OpenMetrics', openMetrics()],
  ])('%s has exemplars, for whoever asks for OpenMetrics', async (_name, registry) => {
    const metrics = new InferenceMetrics({ ...(registry === undefined ? {} : { registry }), processMetrics: false });
    const traceId = 'c'.repeat(32);
    metrics.start({ model: 'm', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` }).end();
    metrics.start({ model: 'm', traceparent: `00-${'d'.repeat(32)}-${'b'.repeat(16)}-00` }).end();
    const asked = await metrics.scrape('application/openmetrics-text; version=1.0.0');
    expect(asked.contentType).toMatch(/^application\/openmetrics-text/);
    expect(asked.body).toContain(`# {trace_id="${traceId}"}`);
    expect(asked.body).not.toContain('dddd');
    expect(asked.body).toMatch(/# EOF\n$/);
    const plain = await metrics.scrape('*/*');
    expect(plain.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(plain.body).not.toContain('trace_id');
    expect(await metrics.registry.metrics()).toContain(traceId);
  });
});

function openMetrics() {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

describe('the quality of a model', () => {
  test('is what was told last', async () => {
    const metrics = new InferenceMetrics({ processMetrics: false });
    metrics.setModelAccuracy('m', 0.75, { dataset: 'd', threshold: 0.5 });
    metrics.setModelAccuracy('m', 0.5, { dataset: 'd' });
    expect(await shown(metrics, 'model_accuracy')).toEqual({ 'model_name=m dataset=d': 0.5 });
    expect(await shown(metrics, 'model_accuracy_threshold')).toEqual({});
  });

  test('that is none is told once and not shown', async () => {
    const trouble: string[] = [];
    const metrics = new InferenceMetrics({ processMetrics: false, onTrouble: (text) => trouble.push(text) });
    metrics.setModelAccuracy('m', Number.NaN);
    metrics.setModelAccuracy('m', 97);
    metrics.setModelAccuracy('m', 0.5, { threshold: -1 });
    expect(trouble).toEqual(['a quality and its threshold must be from 0 to 1, got NaN and undefined']);
    expect(await shown(metrics, 'model_accuracy')).toEqual({});
  });
});
