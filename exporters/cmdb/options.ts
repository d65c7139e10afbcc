import { apiOptions } from '../../kit/api/api-options.ts';
import { daemonOptions } from '../../kit/daemon-options.ts';
import { defineOptions } from '../../kit/options/define.ts';
import { storeOptions } from '../../kit/store/options.ts';

export const cmdbOptions = defineOptions({
  command: 'fleetlens cmdb',
  about:
    'Keeps the inventory of a GPU cluster: discovers servers, GPUs, switches, racks, applications and their relations, and tells Prometheus, alerts, Ansible and people what is where, whose it is, and what breaks with it.',
  options: {
    ...daemonOptions(9412),
    ...storeOptions('/var/lib/fleetlens/cmdb'),
    ...apiOptions,
    'api.max-import-mib': {
      type: 'integer',
      default: 100,
      min: 1,
      max: 4096,
      help: 'How large the body of an import may be, in MiB.',
    },
    'cmdb.file': {
      type: 'path',
      help: 'YAML file with sources, precedence, classes, expectations, service discovery and Alertmanager; see the guide. Read again on SIGHUP.',
      reloadable: true,
    },
    'cmdb.follow-interval': {
      type: 'duration',
      default: '2s',
      min: '200ms',
      max: '1m',
      help: 'How often a replica takes over what another one wrote.',
    },
    'info.classes': {
      type: 'list',
      default: ['server', 'gpu', 'switch', 'rack', 'pdu', 'tenant', 'team', 'application'],
      help: 'Classes whose items are shown one by one, as cmdb_ci_info and the like.',
    },
    'info.max-series': {
      type: 'integer',
      default: 50_000,
      min: 0,
      max: 1_000_000,
      help: 'Series of each of these metrics at most; further ones are left out and counted.',
    },
  },
});

export type CmdbOptions = typeof cmdbOptions.options;
