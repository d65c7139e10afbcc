import { existsSync } from 'node:fs';
import { ConfigError } from '../../kit/errors.ts';
import { openBackupFile, readBackupFile } from '../../kit/store/backup/backup-file.ts';
import { restoreBackup } from '../../kit/store/backup/restore.ts';
import { runCommand } from '../run-command.ts';
import { openPlace } from './open-place.ts';
import { restoreOptions } from './options.ts';
import { endProgress, showProgress } from './show-progress.ts';

/** Runs `fleetlens store restore`. Resolves with the exit status. */
export function storeRestore(argv: readonly string[]): Promise<number> {
  return runCommand(restoreOptions, argv, async (options) => {
    const { file, replace } = options;
    if (file === undefined) throw new ConfigError('--file is missing: name the backup, or - for standard input');
    if (file !== '-' && !existsSync(file)) throw new ConfigError(`there is no file ${file}`);
    const { store, database, log } = await openPlace(restoreOptions.command, options, { mayBeNew: true });
    const where = file === '-' ? 'standard input' : file;
    try {
      const { rows, tables } = await restoreBackup({
        database,
        schema: store.schema,
        migrations: await store.migrations(),
        source: file === '-' ? readBackupFile(process.stdin, where) : openBackupFile(file),
        where,
        replace,
        log,
        onProgress: showProgress(restoreOptions.command, process.stderr),
      });
      endProgress(process.stderr);
      process.stderr.write(`${restoreOptions.command}: ${rows} rows of ${tables} tables are restored and compared\n`);
      return 0;
    } finally {
      endProgress(process.stderr);
      await database.close();
    }
  });
}
