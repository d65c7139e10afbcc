import { daemonOptions } from '../../kit/daemon-options.ts';
import { defineOptions } from '../../kit/options/define.ts';
import { nameChoices } from './names/otel-names.ts';
import { routingPolicies } from './routing/choose.ts';

export const inferenceOptions = defineOptions({
  command: 'fleetlens inference',
  about:
    'Exports LLM serving to Prometheus: as a metering proxy in front of servers with the APIs of OpenAI and Ollama, which knows tenants, errors and cancels; and from the metrics of engines that Prometheus cannot use as they are.',
  options: {
    ...daemonOptions(9411),
    'proxy.upstreams': {
      type: 'list',
      default: [],
      help: 'Addresses of servers that the proxy stands in front of, such as http://127.0.0.1:8000. Without them and without --proxy.file there is no proxy.',
    },
    'proxy.file': {
      type: 'path',
      help: 'YAML file with upstreams, models, and the limits of tenants; see the guide. It is read again when it changes and on SIGHUP.',
      reloadable: true,
    },
    'proxy.keys-file': {
      type: 'path',
      help: 'File that tells whose an API key is: in each line the SHA-256 of a key and the name of its tenant. Read again like --proxy.file.',
      reloadable: true,
    },
    'proxy.unknown-keys': {
      type: 'enum',
      default: 'allow',
      values: ['allow', 'reject'],
      help: 'Whether a request whose key is not in --proxy.keys-file goes through as tenant unknown. Where an upstream has an api_key_file it never does.',
      reloadable: true,
    },
    'proxy.listen-address': {
      type: 'address',
      default: '127.0.0.1:9421',
      help: 'Where clients connect to the proxy. :9421 opens it to other machines.',
    },
    'proxy.tls-file': {
      type: 'path',
      help: "TLS for clients of the proxy: a file in the format of Prometheus' exporter-toolkit with tls_server_config alone.",
    },
    'proxy.routing': {
      type: 'enum',
      default: 'least_connections',
      values: routingPolicies,
      help: 'How an upstream is chosen: by turns, by turns and weight, by fewest requests of this proxy, or by the shortest queue in its own metrics.',
    },
    'proxy.max-attempts': {
      type: 'integer',
      default: 3,
      min: 1,
      max: 10,
      help: 'How many upstreams are asked for one request, the next only while nothing has come from the last.',
    },
    'proxy.eject-after': {
      type: 'integer',
      default: 5,
      min: 1,
      max: 1000,
      help: 'Failures in a row after which an upstream is left alone for --proxy.eject-for.',
    },
    'proxy.eject-for': {
      type: 'duration',
      default: '15s',
      min: '1s',
      max: '1h',
      help: 'How long a failing upstream is left alone; twice as long each time it fails again at once, up to eight times.',
    },
    'proxy.health-interval': {
      type: 'duration',
      default: '5s',
      min: '500ms',
      max: '10m',
      help: 'How often upstreams are looked at: health, models, queue.',
    },
    'proxy.connect-timeout': {
      type: 'duration',
      default: '5s',
      min: '100ms',
      max: '5m',
      help: 'How long connecting to an upstream may take.',
    },
    'proxy.first-byte-timeout': {
      type: 'duration',
      default: '10m',
      min: '100ms',
      max: '24h',
      help: 'How long an upstream may take to the headers of its answer. An answer that is no stream comes only when it is whole.',
    },
    'proxy.idle-timeout': {
      type: 'duration',
      default: '5m',
      min: '100ms',
      max: '24h',
      help: 'How long an upstream may pause within an answer.',
    },
    'proxy.client-stall-timeout': {
      type: 'duration',
      default: '2m',
      min: '100ms',
      max: '24h',
      help: 'How long a client may take in nothing while there is something for it.',
    },
    'proxy.request-timeout': {
      type: 'duration',
      default: '5m',
      min: '1s',
      max: '24h',
      help: 'How long a client may take to send its request.',
    },
    'proxy.drain-timeout': {
      type: 'duration',
      default: '30s',
      min: '0s',
      max: '1h',
      help: 'How long answers that are under way may go on when the proxy is told to end.',
    },
    'proxy.max-body-mib': {
      type: 'integer',
      default: 32,
      min: 1,
      max: 1024,
      help: 'Largest body of a request in MiB; a larger one gets 413.',
    },
    'proxy.max-buffered-mib': {
      type: 'integer',
      default: 512,
      min: 1,
      max: 65_536,
      help: 'Memory for the bodies of all requests together in MiB; when it is used up requests get 503.',
    },
    'proxy.max-connections': {
      type: 'integer',
      default: 10_000,
      min: 1,
      max: 1_000_000,
      help: 'Connections of clients at once; further ones are closed.',
    },
    'proxy.state-file': {
      type: 'path',
      help: 'File in which the use of token budgets survives a restart; without it budgets start anew.',
    },
    'metrics.names': {
      type: 'enum',
      default: 'unified',
      values: nameChoices,
      help: "Names of the proxy's metrics of requests: ours, those of OpenTelemetry's GenAI conventions in place of the ones that say the same, or both. Our rules and boards need ours.",
    },
    'slo.ttft': {
      type: 'duration',
      default: '2s',
      min: '1ms',
      max: '10m',
      help: 'Longest time to the first token that is good. It becomes a bucket bound. Models may have their own in --proxy.file.',
    },
    'slo.tpot': {
      type: 'duration',
      default: '100ms',
      min: '1ms',
      max: '1m',
      help: 'Longest time per output token that is good. It becomes a bucket bound. Models may have their own in --proxy.file.',
    },
    'slo.objective': {
      type: 'number',
      default: 0.99,
      min: 0.5,
      max: 0.99999,
      help: 'Share of requests that should be good, for availability and both times.',
    },
    'engines.file': {
      type: 'path',
      help: 'YAML file with engines whose metrics are read and shown under the names of the schema: those that relabelling cannot serve, or that Prometheus cannot reach. Read again on SIGHUP.',
      reloadable: true,
    },
    'engines.interval': {
      type: 'duration',
      default: '10s',
      min: '1s',
      max: '10m',
      help: 'How often engines of --engines.file are looked at.',
    },
    'quality.token-file': {
      type: 'path',
      help: 'File with the bearer token for POST /api/v1/quality. Without it qualities are taken only if the exporter listens on a loopback address.',
    },
    'quality.retention': {
      type: 'duration',
      default: '30d',
      min: '1m',
      max: '365d',
      help: 'How long a quality is shown after it was pushed.',
    },
  },
});

export type InferenceOptions = typeof inferenceOptions.options;
