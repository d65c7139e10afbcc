import { notFound } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import { listDocument, yamlDocument } from '../../ansible/ansible-documents.ts';
import { ansibleInventory } from '../../ansible/ansible-inventory.ts';
import type { CmdbServices } from '../services.ts';

type AnsibleServices = Pick<CmdbServices, 'store'>;

const route = routeOf<AnsibleServices>();
const tag = 'Ansible';

export const ansibleRoutes: readonly Route<AnsibleServices>[] = [
  route({
    method: 'get',
    path: '/api/v1/ansible/list',
    tag,
    id: 'getAnsibleInventory',
    access: 'reader',
    summary: 'Tells servers and switches as an inventory of Ansible.',
    parameters: {
      format: {
        in: 'query',
        type: 'enum',
        values: ['json', 'yaml'],
        default: 'json',
        about: 'As an inventory script answers --list, or as a file.',
      },
    },
    answers: {
      200: {
        about: 'Groups with their hosts, and the variables of the hosts.',
        schema: { type: 'object' },
        types: ['application/json', 'application/yaml'],
      },
    },
    handle: ({ parameters: { format } }, { store: { inventory } }) => {
      const known = ansibleInventory(inventory);
      if (format === 'yaml') return { text: yamlDocument(known), type: 'application/yaml; charset=utf-8' };
      return { json: listDocument(known) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/ansible/host/{name}',
    tag,
    id: 'getAnsibleHost',
    access: 'reader',
    summary: 'Tells the variables of one host.',
    parameters: { name: { in: 'path', type: 'text', maxLength: 300, about: 'Name of the host, as the list has it.' } },
    answers: { 200: { about: 'Its variables.', schema: { type: 'object' } } },
    handle: ({ parameters: { name } }, { store: { inventory } }) => {
      const vars = ansibleInventory(inventory).hosts.get(name);
      if (vars === undefined) throw notFound(`there is no host ${name}`);
      return { json: vars };
    },
  }),
];
