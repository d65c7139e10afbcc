import { ConfigError } from '../../kit/errors.ts';
import { backupTo, backupToFile } from '../../kit/store/backup/backup-file.ts';
import { runCommand } from '../run-command.ts';
import { openPlace } from './open-place.ts';
import { backupOptions } from './options.ts';
import { endProgress, showProgress } from './show-progress.ts';

/** Runs `fleetlens store backup`. Resolves with the exit status. */
export function storeBackup(argv: readonly string[]): Promise<number> {
  return runCommand(backupOptions, argv, async (options) => {
    const { file, force } = options;
    if (file === undefined)
      throw new ConfigError('--file is missing: name the file to write, or - for standard output');
    const { store, database } = await openPlace(backupOptions.command, options, { mayBeNew: false });
    try {
      const settings = {
        database,
        schema: store.schema,
        onProgress: showProgress(backupOptions.command, process.stderr),
      };
      const { rows, tables } = await (file === '-'
        ? backupTo(settings, process.stdout, 'standard output')
        : backupToFile(settings, { path: file, replace: force }));
      endProgress(process.stderr);
      process.stderr.write(
        `${backupOptions.command}: ${rows} rows of ${tables} tables are in ${file === '-' ? 'the stream' : file}\n`,
      );
      return 0;
    } finally {
      endProgress(process.stderr);
      await database.close();
    }
  });
}
