import { join } from 'node:path';
import { entriesOf, invalid, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import { durationOf } from '../../../../kit/server-fields.ts';
import { type HostFiles, readHostFiles } from '../host-files.ts';
import { addLinks, type HostNeighbours } from '../lldp/neighbours-to-items.ts';
import { createObservedItems } from '../observed-items.ts';
import { patternsOf } from '../source-fields.ts';
import { defineSourceType } from '../source-type.ts';
import { factsOf } from './facts.ts';
import { addHost, type LocalFacts } from './facts-to-items.ts';
import { neighboursOf } from './lldp-facts.ts';

const week = 604_800;
const maxLocalFacts = 50;

interface AnsibleConfig {
  readonly files: HostFiles;
  readonly local: LocalFacts;
  readonly isSwitch: (name: string) => boolean;
}

export const ansible = defineSourceType<AnsibleConfig>({
  type: 'ansible',
  about: 'Facts of hosts, from the cache that Ansible keeps as JSON files.',
  keys: ['directory', 'prefix', 'max_age', 'local_facts', 'switches'],
  read: (field) => ({
    files: {
      patterns: [join(textOf(field('directory')), '*')],
      maxAge: optional(field('max_age'), durationOf) ?? week,
      prefix: optional(field('prefix'), textOf),
    },
    local: { paths: optional(field('local_facts'), localFactsOf) ?? new Map() },
    isSwitch: patternsOf(field('switches')),
  }),
  create: (name, { files, local, isSwitch }, { clock }) => ({
    name,
    type: 'ansible',
    observe: async (context) => {
      const items = createObservedItems();
      const hosts: HostNeighbours[] = [];
      for await (const { host, json } of readHostFiles(files, { clock, items, context })) {
        try {
          const facts = factsOf(json);
          addHost(host, facts, local, items);
          const neighbours = neighboursOf(facts);
          if (neighbours.length > 0) hosts.push({ host, neighbours });
        } catch (error) {
          if (!(error instanceof SourceError)) throw error;
          items.failScope(host, reasonOf(error));
        }
      }
      addLinks(hosts, isSwitch, items);
      return items.observation(true);
    },
  }),
});

/** `attribute: path`, such as `rack: asset.general.rack`. */
function localFactsOf(place: Place): ReadonlyMap<string, string> {
  const entries = entriesOf(place, maxLocalFacts).map(([attribute, path]) => {
    const at = { value: path, where: `${place.where}.${attribute}` };
    if (!/^[a-z][a-z0-9_]*$/.test(attribute)) throw invalid({ ...at, value: attribute }, 'an attribute in lower case');
    return [attribute, textOf(at)] as const;
  });
  return new Map(entries);
}
