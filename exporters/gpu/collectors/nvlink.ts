import type { NvLinkState } from '../reading.ts';
import { familyCollector, flag } from './gpu-collector.ts';

export const nvlink = familyCollector('nvlink', ({ links }, labels, emit) => {
  for (const state of links) {
    const link = String(state.link);
    emit('gpu_nvlink_up', { ...labels, link }, flag(state.up));
    for (const [kind, count] of errorsOf(state)) emit('gpu_nvlink_errors_total', { ...labels, link, kind }, count);
  }
});

function errorsOf(state: NvLinkState) {
  return [
    ['crc_flit', state.crcFlitErrors],
    ['crc_data', state.crcDataErrors],
    ['replay', state.replays],
    ['recovery', state.recoveries],
  ] as const;
}
