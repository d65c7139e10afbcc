import { checkApiOptions } from '../../kit/api/api-options.ts';
import type { DaemonDefinition } from '../../kit/daemon.ts';
import { storePlace } from '../../kit/store/options.ts';
import { cmdb } from '../../metrics/cmdb.ts';
import { cmdbHardware } from '../../metrics/cmdb-hardware.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { readCmdbFile } from './cmdb-file/cmdb-file.ts';
import { type CmdbOptions, cmdbOptions } from './options.ts';
import { shownClassesOf } from './shown-classes.ts';
import { sourceTypes } from './sources/index.ts';
import { startCmdb } from './start-cmdb.ts';

const types = sourceTypes(process.env);

export const cmdbDaemon: DaemonDefinition<CmdbOptions> = {
  name: 'cmdb',
  table: cmdbOptions,
  metrics: [cmdb, cmdbHardware, fleetlens],
  check: (options, readFile) => {
    checkApiOptions(options);
    shownClassesOf(options['info.classes']);
    storePlace(options);
    readCmdbFile(options['cmdb.file'], types, { readFile });
  },
  start: (context) => startCmdb(context, types),
};
