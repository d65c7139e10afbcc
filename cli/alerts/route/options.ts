import { defineOptions } from '../../../kit/options/define.ts';

export const routeOptions = defineOptions({
  command: 'fleetlens alerts route',
  words: 'LABEL=VALUE…',
  about:
    'Tells who is told of an alert, and why, by a site file. Labels of an alert of FleetLens that are not given are those of its example.',
  examples: [
    'fleetlens alerts route --site=site.yaml alertname=GpuLost node=n7',
    'fleetlens alerts route --site=site.yaml alertname=BudgetExceeded tenant=search --json',
  ],
  options: {
    site: { type: 'path', help: 'YAML description of who is told what; see the Alertmanager guide.', notInFile: true },
    json: { type: 'boolean', default: false, help: 'Print JSON.', notInFile: true },
  },
});
