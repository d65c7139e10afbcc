import { optional } from '../../../../kit/config-values.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import { durationOf } from '../../../../kit/server-fields.ts';
import { filePatternsOf } from '../file-list.ts';
import { type HostFiles, readHostFiles } from '../host-files.ts';
import { createObservedItems } from '../observed-items.ts';
import { patternsOf } from '../source-fields.ts';
import { defineSourceType } from '../source-type.ts';
import { addLinks, type HostNeighbours } from './neighbours-to-items.ts';
import { parseLldp } from './parse-lldp.ts';

const day = 86_400;

interface LldpConfig {
  readonly files: HostFiles;
  readonly isSwitch: (name: string) => boolean;
}

export const lldp = defineSourceType<LldpConfig>({
  type: 'lldp',
  about: 'Neighbours on the network, from files that lldpcli writes on each host.',
  keys: ['files', 'max_age', 'switches'],
  read: (field) => ({
    files: {
      patterns: filePatternsOf(field('files')),
      maxAge: optional(field('max_age'), durationOf) ?? day,
    },
    isSwitch: patternsOf(field('switches')),
  }),
  create: (name, { files, isSwitch }, { clock }) => ({
    name,
    type: 'lldp',
    observe: async (context) => {
      const items = createObservedItems();
      const hosts: HostNeighbours[] = [];
      for await (const { host, json } of readHostFiles(files, { clock, items, context })) {
        try {
          hosts.push({ host, neighbours: parseLldp(json) });
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
