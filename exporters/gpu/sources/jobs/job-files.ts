import { constants } from 'node:fs';
import { type FileHandle, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { MappedJob } from '../../attribution/attribution.ts';
import type { JobFiles } from '../../attribution/inputs.ts';
import { jobIdsOf } from './job-ids.ts';

/** More than 64 GPUs with 7 instances each. */
const maxFiles = 1024;
const maxFileBytes = 65_536;

/** Index of the GPU, and number of the GPU instance for one in MIG mode, as in `0` or `0.1`. */
const fileName = /^(?<gpu>0|[1-9]\d{0,3})(?:\.(?<instance>0|[1-9]\d{0,3}))?$/;

/**
 * The format of dcgm-exporter's --hpc-job-mapping-dir: a folder with a file for each GPU that is in use, which has one job id in each line.
 * Names that begin with a dot are passed over, so that a file can be made under such a name and then renamed. What is broken is counted
 * and costs nothing else.
 */
export function createJobFiles({ path }: { readonly path: string }): JobFiles {
  return {
    read: async () => {
      const names = await namesIn(path);
      const jobs: MappedJob[] = [];
      let bad = Math.max(0, names.length - maxFiles);
      for (const name of names.slice(0, maxFiles)) {
        const found = await jobsIn(path, name);
        jobs.push(...found.jobs);
        bad += found.bad;
      }
      return { jobs, bad };
    },
  };
}

/** Stops at one more than are read. */
async function namesIn(path: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(path)) {
      if (!name.startsWith('.')) names.push(name);
      if (names.length > maxFiles) break;
    }
  } catch (cause) {
    const remedy = 'create the folder and let the exporter read it, or leave the option out';
    throw new SourceError(`--jobs.mapping-path: cannot read ${path}: ${reasonOf(cause)}; ${remedy}`, { cause });
  }
  return names;
}

async function jobsIn(
  folder: string,
  name: string,
): Promise<{ readonly jobs: readonly MappedJob[]; readonly bad: number }> {
  const { gpu, instance } = fileName.exec(name)?.groups ?? {};
  if (gpu === undefined) return { jobs: [], bad: 1 };
  const content = await contentOf(join(folder, name));
  if (content === 'gone') return { jobs: [], bad: 0 };
  if (content === 'broken') return { jobs: [], bad: 1 };
  const { jobIds, bad } = jobIdsOf(content);
  const device = {
    gpuIndex: Number(gpu),
    ...(instance === undefined ? {} : { gpuInstanceId: Number(instance) }),
  };
  return { jobs: jobIds.map((jobId) => ({ ...device, jobId })), bad };
}

/**
 * Links are not followed, since they may lead out of the folder, and a pipe without a writer does not make it wait. Through one handle the
 * content is of one version, also if the file is replaced meanwhile; one that is gone was removed at the end of its job.
 */
async function contentOf(path: string): Promise<Buffer | 'gone' | 'broken'> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = await handle.stat();
    if (!status.isFile() || status.size > maxFileBytes) return 'broken';
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(maxFileBytes), 0, maxFileBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'gone' : 'broken';
  } finally {
    await handle?.close();
  }
}
