import { defineOptions, type OptionValues } from '../../kit/options/define.ts';

const token = (whose: string) => `File with the bearer token that ${whose} wants.`;

export const previewOptions = defineOptions({
  command: 'fleetlens preview',
  about:
    'Shows the Grafana app and the boards of FleetLens in a plain browser page, on a Prometheus and services of yours, without Grafana. Whoever reaches its address sees what they tell, so it listens on this machine alone unless told otherwise. Ctrl-C stops it.',
  examples: ['fleetlens preview --prometheus.url=http://prometheus:9090 --cmdb.url=http://cmdb:9412'],
  options: {
    'web.listen-address': { type: 'address', default: '127.0.0.1:9430', help: 'Where the page is.' },
    'prometheus.url': {
      type: 'string',
      default: 'http://127.0.0.1:9090',
      help: 'Prometheus, Thanos, Mimir or VictoriaMetrics.',
    },
    'alertmanager.url': { type: 'string', help: 'Alertmanager, for alerts and silences.' },
    'cmdb.url': { type: 'string', help: 'The inventory, fleetlens cmdb.' },
    'cmdb.token-file': { type: 'path', help: token('the inventory') },
    'billing.url': { type: 'string', help: 'The billing, fleetlens billing.' },
    'billing.token-file': { type: 'path', help: token('the billing') },
    'prediction.url': { type: 'string', help: 'The failure prediction, fleetlens prediction.' },
    'prediction.token-file': { type: 'path', help: token('the failure prediction') },
    'app.folder': {
      type: 'path',
      help: 'Folder with the built app, such as an unpacked release. Without it that of this package.',
    },
    'host.folder': {
      type: 'path',
      help: 'Folder with the built page that plays Grafana. Without it that of this package.',
    },
    'config.file': { type: 'path', help: 'YAML file with any of these options.' },
  },
});

export type PreviewOptions = OptionValues<typeof previewOptions.options>;
