import { defineOptions } from '../../kit/options/define.ts';
import { domains, severities } from '../../rules/alert.ts';
import { packOptions, targetOptions } from './rule-options.ts';

const output = {
  type: 'enum',
  default: 'text',
  values: ['text', 'json'],
  help: 'For people, or for programs.',
} as const;

export const listOptions = defineOptions({
  command: 'fleetlens rules list',
  about:
    'Lists the alerts with the thresholds in force, or the thresholds. Exit status 1 means that nothing was found.',
  options: {
    ...packOptions,
    thresholds: { type: 'boolean', default: false, help: 'List the thresholds instead.' },
    domain: { type: 'enum', default: 'all', values: ['all', ...domains], help: 'Only alerts of this domain.' },
    severity: { type: 'enum', default: 'all', values: ['all', ...severities], help: 'Only alerts of this severity.' },
    grep: { type: 'string', help: 'Only what has this text in its name, theme or summary.' },
    output,
  },
});

export const explainOptions = defineOptions({
  command: 'fleetlens rules explain',
  words: 'ALERT',
  about:
    'Tells all about an alert: what it means, when it fires, what to look at, who is told, and what holds it back.',
  examples: ['fleetlens rules explain GpuTemperatureHigh'],
  options: { ...packOptions, output },
});

export const lintOptions = defineOptions({
  command: 'fleetlens rules lint',
  words: '[FILE …]',
  about:
    'Checks rule files of yours, or without FILE the rules that we ship, with your overrides and objectives. What is found in a file is one line each, FILE:LINE: rule: check: sentence. Exit status 0 means no error, though perhaps warnings; 1 means errors; 2 that a file or an option cannot be read.',
  options: {
    ...packOptions,
    ...targetOptions,
    'scrape-interval': {
      type: 'duration',
      default: '15s',
      min: '1s',
      max: '1h',
      help: 'How often your Prometheus scrapes.',
    },
    output,
  },
});

export const testOptions = defineOptions({
  command: 'fleetlens rules test',
  words: '[ALERT …]',
  about:
    'Has promtool check the rules with your overrides and run the examples of every alert, or of those that you name. Exit status 1 means that something does not hold; examples that only an override has made untrue are named and are no failure.',
  options: {
    ...packOptions,
    'promtool.bin': { type: 'path', help: 'The promtool to use; without it the one on PATH.' },
    output,
  },
});

export const rulesCommandTables = [listOptions, explainOptions, lintOptions, testOptions] as const;
