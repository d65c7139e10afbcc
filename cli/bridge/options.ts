import { defineOptions } from '../../kit/options/define.ts';

export const sendTestOptions = defineOptions({
  command: 'fleetlens bridge send-test',
  about:
    'Sends a sample alert to a robot of the bridge and tells what it answered. Exit status 0 if it took it, 1 if not, 2 if the configuration is wrong.',
  examples: [
    'fleetlens bridge send-test --bridge.file=bridge.yaml --robot=sre --dry-run',
    'fleetlens bridge send-test --bridge.file=bridge.yaml --robot=sre --severity=warning',
  ],
  options: {
    'bridge.file': { type: 'path', help: 'YAML file of the bridge.' },
    robot: { type: 'string', help: 'Name of the robot. May be left out if there is only one.' },
    'dry-run': { type: 'boolean', default: false, help: 'Show what would be sent, and send nothing.' },
    severity: {
      type: 'enum',
      default: 'critical',
      values: ['critical', 'warning', 'info'],
      help: 'Severity of the sample alert.',
    },
    language: { type: 'enum', default: 'robot', values: ['robot', 'en', 'zh'], help: 'Language of the message.' },
  },
});
