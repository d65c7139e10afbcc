import { defineOptions } from '../../kit/options/define.ts';

export const cmdbAnsibleOptions = defineOptions({
  command: 'fleetlens cmdb ansible',
  about:
    'Answers as an inventory script of Ansible does: with --list, or with --host and the name of a host. With --yaml it writes the inventory as a file.',
  options: {
    list: { type: 'boolean', default: false, help: 'Groups, hosts, and the variables of all hosts, as JSON.' },
    host: { type: 'string', help: 'Variables of this host, as JSON.' },
    yaml: {
      type: 'boolean',
      default: false,
      help: 'The whole inventory as YAML, for where the daemon cannot be asked.',
    },
    'cmdb.url': { type: 'string', default: 'http://127.0.0.1:9412', help: 'Address of the cmdb daemon.' },
    'cmdb.token-file': { type: 'path', help: 'File with a token for the API, where reading needs one.' },
    'cmdb.ca-file': {
      type: 'path',
      help: 'File with the authority that signed the certificate of the daemon, in PEM form.',
    },
    timeout: { type: 'duration', default: '30s', min: '1s', max: '10m', help: 'How long the answer may take.' },
  },
});
