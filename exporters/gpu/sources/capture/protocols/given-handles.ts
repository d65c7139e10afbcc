import { returnCode } from '../../nvml/return-codes.ts';
import { type Call, keyOf } from '../call.ts';
import { badHandle, deviceOf, type Protocol, tooSmall } from '../protocol.ts';
import { plain } from './plain.ts';

/** A call that gives the handle of a device, which is named by how it was asked for. */
function deviceHandle(nameOf: (parent: string, call: Call) => string): Protocol {
  return {
    record(call, make, { handles, keep }) {
      const code = make();
      const parent = deviceOf(call, handles);
      if (parent === undefined) return code;
      const device = nameOf(parent, call);
      const handle = code === returnCode.success ? handleIn(call) : undefined;
      if (handle !== undefined) handles.give(handle, device);
      keep(parent, keyOf(call), { code, output: handle === undefined ? undefined : { kind: 'handle', device } });
      return code;
    },
    replay(call, { handles, answer, missing }) {
      const parent = deviceOf(call, handles);
      if (parent === undefined) return badHandle;
      const kept = answer(parent, keyOf(call));
      if (kept === undefined) return missing(call.symbol);
      if (kept.output?.kind !== 'handle') return kept.code;
      return giveHandle(call, handles.handleOf(kept.output.device));
    },
  };
}

export const gpuByIndex = deviceHandle((_system, { selectors: [index] }) => `gpu${index}`);
export const migByIndex = deviceHandle((gpu, { selectors: [index] }) => `${gpu}/mig${index}`);
export const gpuOfMig = deviceHandle((mig) => mig.replace(/\/.*/, ''));

/** A call that makes something, such as an event set, of which a replay makes as many as it is asked for. */
export function maker(what: string): Protocol {
  return {
    record(call, make, { handles, keep }) {
      const code = make();
      const handle = code === returnCode.success ? handleIn(call) : undefined;
      if (handle !== undefined) handles.give(handle, what);
      keep('system', keyOf(call), { code });
      return code;
    },
    replay(call, { handles, answer, missing }) {
      const kept = answer('system', keyOf(call));
      if (kept === undefined) return missing(call.symbol);
      return kept.code === returnCode.success ? giveHandle(call, handles.fresh(what)) : kept.code;
    },
  };
}

/** A call that gives such a thing back. */
export const giver: Protocol = {
  record(call, make, recording) {
    const code = plain.record(call, make, recording);
    for (const handle of call.handles) recording.handles.takeBack(handle);
    return code;
  },
  replay(call, playback) {
    const code = plain.replay(call, playback);
    for (const handle of call.handles) playback.handles.takeBack(handle);
    return code;
  },
};

function handleIn({ buffers: [buffer] }: Call): bigint | undefined {
  return buffer?.length === 8 ? buffer.readBigUInt64LE() : undefined;
}

function giveHandle({ buffers: [buffer] }: Call, handle: bigint): number {
  if (buffer?.length !== 8) return tooSmall;
  buffer.writeBigUInt64LE(handle);
  return returnCode.success;
}
