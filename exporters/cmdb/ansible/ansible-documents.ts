import { dump } from 'js-yaml';
import type { AnsibleInventory } from './ansible-inventory.ts';

/** What `--list` of an inventory script answers, with the variables of all hosts so that Ansible need not ask for each. */
export function listDocument({ hosts, groups }: AnsibleInventory): Readonly<Record<string, unknown>> {
  return {
    _meta: { hostvars: Object.fromEntries(hosts) },
    all: { children: ['ungrouped', ...groups.keys()] },
    ...Object.fromEntries([...groups].map(([name, members]) => [name, { hosts: members }])),
  };
}

/** The same as a file for `-i inventory.yaml`, for where the daemon cannot be asked. */
export function yamlDocument({ hosts, groups }: AnsibleInventory): string {
  const children = [...groups].map(([name, members]) => [
    name,
    { hosts: Object.fromEntries(members.map((host) => [host, {}])) },
  ]);
  const all = { hosts: Object.fromEntries(hosts), children: Object.fromEntries(children) };
  return `# Made by fleetlens from its inventory, as it was then.\n${dump({ all }, { lineWidth: -1, noRefs: true })}`;
}
