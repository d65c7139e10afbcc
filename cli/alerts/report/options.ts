import { defineOptions } from '../../../kit/options/define.ts';

const text = (help: string) => ({ type: 'string', help, notInFile: true }) as const;

export const reportOptions = defineOptions({
  command: 'fleetlens alerts report',
  about:
    'Tells which alerts make noise: firings, flaps, time to resolve, what grouping and inhibition take away, and what other waits and thresholds would have done. Reads the series ALERTS of Prometheus. Exit status 1 means that nothing fired or that Prometheus did not answer.',
  examples: [
    'fleetlens alerts report --prometheus.url=http://prometheus:9090 --range=7d',
    'fleetlens alerts report --from=2026-03-01 --to=2026-03-08 --site=site.yaml --output=markdown',
  ],
  options: {
    'prometheus.url': {
      type: 'string',
      default: 'http://127.0.0.1:9090',
      help: 'Prometheus, Thanos, Mimir or VictoriaMetrics, up to and without /api/v1.',
      notInFile: true,
    },
    'prometheus.token-file': {
      type: 'path',
      help: 'File with the bearer token, where the server wants one.',
      notInFile: true,
    },
    from: text('From then on: 2026-03-01, 2026-03-01T08:00:00Z or Unix seconds; instead of --range.'),
    to: text('Until then; now without it.'),
    range: {
      type: 'duration',
      default: '7d',
      min: '1h',
      max: '90d',
      help: 'How much time before its end.',
      notInFile: true,
    },
    step: {
      type: 'duration',
      default: '1m',
      min: '15s',
      max: '1h',
      help: 'Time between two looks; what fires for less may be missed. Best the interval at which your rules are evaluated.',
      notInFile: true,
    },
    match: {
      type: 'list',
      default: [],
      help: 'Matchers that all alerts must have, such as cluster="prod".',
      notInFile: true,
    },
    site: {
      type: 'path',
      help: 'Your site file: messages are counted by its routes, and otherwise by those of a site without teams.',
      notInFile: true,
    },
    'flap.window': {
      type: 'duration',
      default: '30m',
      min: '1m',
      max: '1d',
      help: 'A firing that begins so soon after the end of the one before is a flap.',
      notInFile: true,
    },
    'short.firing': {
      type: 'duration',
      default: '10m',
      min: '1m',
      max: '1d',
      help: 'A firing that ends so soon is over before somebody acts on it.',
      notInFile: true,
    },
    'firings.per-week': {
      type: 'integer',
      default: 5,
      min: 0,
      max: 1000,
      help: 'Thresholds are suggested that let at most so many firings of an alert through.',
      notInFile: true,
    },
    thresholds: {
      type: 'integer',
      default: 3,
      min: 0,
      max: 50,
      help: 'For so many of the noisiest alerts of FleetLens thresholds are tried; each asks the expression over the whole range again.',
      notInFile: true,
    },
    top: {
      type: 'integer',
      default: 10,
      min: 1,
      max: 1000,
      help: 'Rows of the table of noisy rules.',
      notInFile: true,
    },
    output: {
      type: 'enum',
      default: 'text',
      values: ['text', 'json', 'csv', 'markdown'],
      help: 'CSV has a row for each rule.',
      notInFile: true,
    },
  },
});
