import { defineOptions } from '../../../kit/options/define.ts';
import { packOptions } from '../../rules/rule-options.ts';

/** A site may have given an alert another severity or team, by which it is routed. */
const overridable = {
  'rules.overrides': packOptions['rules.overrides'],
  'slo.file': packOptions['slo.file'],
} as const;

export const routeOptions = defineOptions({
  command: 'fleetlens alerts route',
  words: '[LABEL=VALUE…]',
  about:
    'Tells who is told of an alert, and why, by a site file. Labels of an alert of FleetLens that are not given are those of its example. Exit status 1 means that nobody is told, or with --test that an alert goes another way than the site file expects.',
  examples: [
    'fleetlens alerts route --site=site.yaml alertname=GpuLost node=n7',
    'fleetlens alerts route --site=site.yaml alertname=BudgetExceeded tenant=search --json',
    'fleetlens alerts route --site=site.yaml --test',
  ],
  options: {
    site: { type: 'path', help: 'YAML description of who is told what; see the Alertmanager guide.', notInFile: true },
    ...overridable,
    test: {
      type: 'boolean',
      default: false,
      help: 'Hold the routing_tests of the site file against its routes.',
      notInFile: true,
    },
    json: { type: 'boolean', default: false, help: 'Print JSON.', notInFile: true },
  },
});
