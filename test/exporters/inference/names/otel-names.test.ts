import { Registry } from 'prom-client';
import type { Ending } from '../../../../exporters/inference/metering/request-end.ts';
import type { RequestMeter } from '../../../../exporters/inference/metering/request-meter.ts';
import { createServingMetrics } from '../../../../exporters/inference/metering/serving-metrics.ts';
import { defaultSlo } from '../../../../exporters/inference/metering/slo.ts';
import { noUsage } from '../../../../exporters/inference/metering/usage.ts';
import { createOtelNames, isShown, nameChoices } from '../../../../exporters/inference/names/otel-names.ts';
import { inferenceOptions } from '../../../../exporters/inference/options.ts';
import { startInference } from '../../../../exporters/inference/start-inference.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { registryFamilies } from '../../../../kit/exposition/prom-client.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import type { Family } from '../../../../kit/exposition/samples.ts';
import { createLog } from '../../../../kit/log.ts';
import { parseOptions } from '../../../../kit/options/parse.ts';
import { createSelfMetrics } from '../../../../kit/self-metrics.ts';
import { inference } from '../../../../metrics/inference.ts';
import { otelGenAi } from '../../../../metrics/otel-genai.ts';
import { parseExposition } from '../../../support/exposition.ts';
import { startFakeHttpServer } from '../../../support/fake-http-server.ts';
import { freePort } from '../../../support/free-port.ts';
import { expectGolden } from '../../../support/golden.ts';

const success: Ending = { status: 'success', reason: '' };

function meters() {
  const registry = new Registry();
  const ours = new Registry();
  let seconds = 0;
  const clock = { now: () => 0, monotonic: () => seconds };
  const serving = createServingMetrics({ registry: ours, clock, slo: defaultSlo, onEnded: createOtelNames(registry) });
  return {
    pass: (more: number) => {
      seconds += more;
    },
    begin: (modelName: string, operation = 'chat'): RequestMeter =>
      serving.begin({ labels: { engineKind: 'proxy', modelName, tenant: 'a' }, operation, startedAt: seconds }),
    exposition: async () => renderExposition('text', await registryFamilies(registry)),
    samples: async (name: string) => {
      const text = renderExposition('text', await registryFamilies(registry));
      const all = [...parseExposition('text', text).values()].flatMap((family) => family.samples);
      return all.filter((sample) => sample.name === name).map(({ labels, value }) => ({ ...labels, value }));
    },
  };
}

test('requests under the names of OpenTelemetry', async () => {
  const { begin, pass, exposition } = meters();
  const streamed = begin('llama');
  pass(0.25);
  streamed.handedOver('vllm');
  for (const seconds of [0.5, 0.125, 0.125, 0.25]) {
    pass(seconds);
    streamed.piece();
  }
  streamed.usage({ ...noUsage, input: 12, generated: 5 });
  streamed.end(success);
  const failed = begin('llama', 'text_completion');
  pass(2);
  failed.handedOver('openai');
  failed.end({ status: 'error', reason: 'server_error' });
  begin('other').end({ status: 'error', reason: 'no_upstream' });
  const text = await exposition();
  parseExposition('text', text);
  expectGolden('inference/otel/requests.prom', text);
});

describe('the convention', () => {
  test.each([
    [success, ''],
    [{ status: 'error', reason: 'rate_limited' } as const, 'rate_limited'],
    [{ status: 'timeout', reason: 'first_byte' } as const, 'timeout'],
    [{ status: 'cancelled', reason: '' } as const, 'cancelled'],
  ])('has no error type for success: %j', async (ending, error_type) => {
    const { begin, samples } = meters();
    begin('m').end(ending);
    const [sample] = await samples('gen_ai_server_request_duration_seconds_count');
    expect(sample).toEqual({
      gen_ai_operation_name: 'chat',
      gen_ai_provider_name: 'openai',
      gen_ai_request_model: 'm',
      error_type,
      value: '1',
    });
  });

  test('counts no tokens that are guessed by pieces', async () => {
    const { begin, samples } = meters();
    const meter = begin('m');
    meter.piece();
    meter.usage({ ...noUsage, input: 3 });
    meter.end(success);
    const types = (await samples('gen_ai_client_token_usage_count')).map((sample) => sample);
    expect(types).toEqual([expect.objectContaining({ gen_ai_token_type: 'input', value: '1' })]);
  });

  test('has the pace of answers that came whole alone', async () => {
    const { begin, pass, samples } = meters();
    for (const ending of [success, { status: 'cancelled', reason: '' } as const]) {
      const meter = begin('m');
      for (let piece = 0; piece < 3; piece++) {
        pass(0.1);
        meter.piece();
      }
      meter.end(ending);
    }
    for (const name of ['time_to_first_token', 'time_per_output_token']) {
      expect(await samples(`gen_ai_server_${name}_seconds_count`)).toEqual([expect.objectContaining({ value: '1' })]);
    }
  });

  test('has an operation of the client only where an upstream was asked, by the last that was', async () => {
    const { begin, pass, samples } = meters();
    begin('m').end(success);
    const meter = begin('m');
    pass(1);
    meter.handedOver('vllm');
    pass(4);
    meter.handedOver('sglang');
    pass(3);
    meter.end(success);
    expect(await samples('gen_ai_client_operation_duration_seconds_sum')).toEqual([
      expect.objectContaining({ gen_ai_provider_name: 'sglang', value: '7' }),
    ]);
  });

  test('has bounds that rise, and names with the unit at the end', () => {
    for (const { name, unit, buckets = [] } of Object.values(otelGenAi)) {
      expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
      expect(name.endsWith('_seconds')).toBe(unit === 'seconds');
    }
    const doubled = otelGenAi.gen_ai_server_request_duration_seconds.buckets ?? [];
    expect(doubled.slice(1).map((bound, index) => bound / (doubled[index] ?? 0))).toEqual(Array(13).fill(2));
  });
});

test('what is left out for the names of OpenTelemetry is ours, and one of theirs says it', () => {
  const left = Object.keys(inference).filter((name) => !isShown('otel', name));
  expect(left).toEqual([
    'inference_request_duration_seconds',
    'inference_time_to_first_token_seconds',
    'inference_time_per_output_token_seconds',
    'inference_tokens_input_total',
    'inference_tokens_generated_total',
  ]);
  for (const choice of ['unified', 'both'] as const) {
    expect(Object.keys(inference).every((name) => isShown(choice, name))).toBe(true);
  }
});

describe('--metrics.names', () => {
  const answer = { choices: [{ message: { content: 'yes' } }], usage: { prompt_tokens: 7, completion_tokens: 1 } };

  /** What the exporter shows after one request through its proxy to a vLLM. */
  async function familiesWith(names: string | undefined): Promise<readonly Family[]> {
    const upstream = await startFakeHttpServer((response) => {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
    });
    const address = `127.0.0.1:${await freePort()}`;
    const argv = ['--proxy.file=proxy.yaml', `--proxy.listen-address=${address}`];
    const readFile = (): string => `upstreams:\n  - url: ${upstream.url}\n    kind: vllm\n    models: [m]\n`;
    const service = await startInference({
      options: parseOptions(inferenceOptions, {
        argv: [...argv, ...(names === undefined ? [] : [`--metrics.names=${names}`])],
        env: {},
        readFile,
      }),
      clock: systemClock,
      readFile,
      log: createLog({ level: 'error', format: 'logfmt', daemon: 'test', write: () => undefined }),
      self: createSelfMetrics({ daemon: 'test', version: '0.0.0' }, systemClock),
    });
    try {
      const body = JSON.stringify({ model: 'm', messages: [] });
      const response = await fetch(`http://${address}/v1/chat/completions`, { method: 'POST', body });
      expect(await response.json()).toEqual(answer);
      const families = await service.families(new AbortController().signal);
      return families.filter(({ lines }) => lines.length > 0);
    } finally {
      await service.stop();
      await upstream.stop();
    }
  }

  test.each([
    [undefined, { ours: true, theirs: false }],
    ['unified', { ours: true, theirs: false }],
    ['otel', { ours: false, theirs: true }],
    ['both', { ours: true, theirs: true }],
  ] as const)('%s', async (names, { ours, theirs }) => {
    const shown = (await familiesWith(names)).map(({ name }) => name);
    expect(shown.includes('inference_request_duration_seconds')).toBe(ours);
    expect(shown.includes('inference_tokens_generated_total')).toBe(ours);
    expect(shown.includes('gen_ai_server_request_duration_seconds')).toBe(theirs);
    expect(shown.includes('gen_ai_client_token_usage')).toBe(theirs);
    for (const always of ['inference_requests_total', 'inference_upstream_up', 'inference_slo_events_total']) {
      expect(shown).toContain(always);
    }
  });

  test('knows what kind of server answered', async () => {
    const lines = (await familiesWith('otel'))
      .filter(({ name }) => name.startsWith('gen_ai_server_request'))
      .flatMap((family) => family.lines);
    expect(lines.at(-1)).toContain('gen_ai_operation_name="chat",gen_ai_provider_name="vllm",gen_ai_request_model="m"');
  });

  test('takes nothing else', () => {
    expect(nameChoices).toEqual(['unified', 'otel', 'both']);
    const sources = { argv: ['--metrics.names=otlp'], env: {}, readFile: () => '' };
    expect(() => parseOptions(inferenceOptions, sources)).toThrow('--metrics.names');
  });
});
