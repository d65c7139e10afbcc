import { existsSync, writeFileSync } from 'node:fs';
import { anonymityNote } from '../../exporters/gpu/sources/capture/anonymise.ts';
import { captureInChild } from '../../exporters/gpu/sources/capture/child-process.ts';
import { ConfigError, errnoOf, reasonOf } from '../../kit/errors.ts';
import { runCommand } from '../run-command.ts';
import { captureOptions } from './options.ts';

/** Runs `fleetlens gpu capture`. Resolves with 0, with 1 if there is nothing to capture, or with 2 for what the user can mend. */
export function capture(argv: readonly string[]): Promise<number> {
  return runCommand(captureOptions, argv, async ({ output, force, timeout, 'nvml.library': libraries }) => {
    if (output !== undefined && !force && existsSync(output)) throw thereAlready(output);
    let shown: number | undefined;
    const result = await captureInChild({
      libraries,
      deadlineSeconds: timeout,
      onGpu: (index) => {
        if (index !== shown) say(`reading GPU ${index}`);
        shown = index;
      },
      onComplaint: say,
    });
    if ('failure' in result) {
      say(result.failure);
      return 1;
    }
    write(output, force, result.text);
    say(`${output === undefined ? 'done' : `wrote ${output}`}. ${anonymityNote}`);
    return 0;
  });
}

function write(output: string | undefined, force: boolean, text: string): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw thereAlready(output);
    throw new ConfigError(`cannot write --output ${output}: ${reasonOf(error)}`);
  }
}

function thereAlready(output: string): ConfigError {
  return new ConfigError(`--output ${output} is there already; give another name, or --force to replace it`);
}

function say(line: string): void {
  process.stderr.write(`fleetlens gpu capture: ${line}\n`);
}
