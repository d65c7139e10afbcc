import { defineOptions } from '../../kit/options/define.ts';
import { profiles } from '../../rules/alert.ts';

export const generateOptions = defineOptions({
  command: 'fleetlens generate',
  about:
    'Writes what Prometheus, Alertmanager and Grafana load: rules (plain and as PrometheusRule objects), alertmanager.yml with templates, dashboards, runbooks, and scrape configurations for FleetLens and for inference engines.',
  options: {
    out: { type: 'path', help: 'Folder to write into; files of the same name are replaced.' },
    site: {
      type: 'path',
      help: 'YAML description of who is told what; see the Alertmanager guide. Without it no alertmanager.yml is written.',
    },
    'runbook.base-url': {
      type: 'string',
      default: 'docs/runbooks/',
      help: 'Address under which your people open the runbooks; the name of the alert and .md follow.',
    },
    'grafana.url': {
      type: 'string',
      help: 'Address under which your people open Grafana; alerts then link to the board of their node.',
    },
    'rules.compat': {
      type: 'boolean',
      default: false,
      help: 'With the recording group that keeps older metric names alive.',
    },
    'rules.billing-long-term': {
      type: 'boolean',
      default: false,
      help: 'With the recording group that holds what billing reads once a minute, for stores that keep years; see the guide of meters.',
    },
    'rules.profiles': {
      type: 'list',
      default: [],
      help: `Whose exporters you have beside ours, for the alerts on their series: any of ${profiles.join(', ')}.`,
    },
    'operator.labels': {
      type: 'list',
      default: [],
      help: "Labels that your Prometheus object's ruleSelector and podMonitorSelector ask for, as name=value.",
    },
    'operator.namespace': { type: 'string', help: 'Namespace of the PrometheusRule and PodMonitor objects.' },
    'config.file': { type: 'path', help: 'YAML file with any of these options.' },
  },
});
