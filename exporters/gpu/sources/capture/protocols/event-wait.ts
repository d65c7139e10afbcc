import { returnCode } from '../../nvml/return-codes.ts';
import { deviceOf, type Protocol } from '../protocol.ts';

/** Events are of the moment: none is kept, and a replay has none to tell. */
export const eventWait: Protocol = {
  record(call, make, { handles, keep }) {
    const code = make();
    const device = deviceOf(call, handles);
    if (device !== undefined) keep(device, call.symbol, { code: returnCode.timeout });
    return code;
  },
  replay: (call, { answer, missing }) => answer('system', call.symbol)?.code ?? missing(call.symbol),
};
