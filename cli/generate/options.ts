import { defineOptions } from '../../kit/options/define.ts';
import { packOptions, targetOptions } from '../rules/rule-options.ts';

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
    'alertmanager.form': {
      type: 'enum',
      default: 'file',
      values: ['file', 'secret', 'alertmanagerconfig'],
      help: 'What is made of the site: alertmanager.yml, a Kubernetes Secret with it, or an AlertmanagerConfig object.',
    },
    'alertmanager.target-version': {
      type: 'string',
      default: '0.25',
      help: 'The release of Alertmanager that you run, such as 0.28; newer ones have more kinds of channels.',
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
    ...packOptions,
    ...targetOptions,
    'rules.query-offset': {
      type: 'string',
      help: 'How far in the past rules look, such as 30s, where samples come late by remote write or out of order. Needs a target that knows it.',
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
