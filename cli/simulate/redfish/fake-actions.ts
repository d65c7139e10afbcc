import { type FakeAnswer, type FakeRequest, failure } from './fake-answer.ts';
import type { FakeBmc } from './fake-bmc.ts';
import { flavours } from './flavours/index.ts';

/** Carries out an action as the maker does: at once, or as a task. */
export function answerPost(bmc: FakeBmc, { path, body }: FakeRequest): FakeAnswer {
  const given = objectIn(body);
  if (given === undefined) return failure(400, 'The body is no JSON object.');
  bmc.seen.actions.push({ path, body: given });
  const [, drive, media] = /\/VirtualMedia\/([^/]+)\/Actions\/VirtualMedia\.(InsertMedia|EjectMedia)$/.exec(path) ?? [];
  if (drive !== undefined) return changeMedia(bmc, drive, media === 'InsertMedia' ? given['Image'] : undefined);
  if (!/\/Actions\/ComputerSystem\.Reset$/.test(path)) return failure(404, 'There is no such action.');
  const type = given['ResetType'];
  if (typeof type !== 'string') return failure(400, 'ResetType is missing.');
  bmc.reset(type);
  if (!flavours[bmc.settings.flavour].hasTasks) return { status: 204 };
  const monitor = addTask(bmc);
  return { status: 202, headers: { location: monitor }, body: { '@odata.id': monitor, TaskState: 'Running' } };
}

function changeMedia(bmc: FakeBmc, drive: string, image: unknown): FakeAnswer {
  bmc.insert(drive, typeof image === 'string' ? image : undefined);
  return { status: 204 };
}

/** A task that runs until the power does not change any more. */
function addTask(bmc: FakeBmc): string {
  const path = `/redfish/v1/TaskService/Tasks/${bmc.seen.actions.length}`;
  bmc.tree.set(path, () => ({
    '@odata.id': path,
    TaskState: bmc.powerState().startsWith('Powering') ? 'Running' : 'Completed',
  }));
  return path;
}

function objectIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
