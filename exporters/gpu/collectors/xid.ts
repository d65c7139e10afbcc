import type { Emit } from '../../../kit/exposition/samples.ts';
import type { gpu as catalogue } from '../../../metrics/gpu.ts';
import { xidClasses, xidClassOf } from '../../../metrics/xid.ts';
import { xidSourceNames } from '../sources/source.ts';
import { otherXid } from '../sources/xid-ledger.ts';
import { deviceLabels, type GpuCollector, instanceLabels } from './gpu-collector.ts';

/** XID errors since the exporter started; they outlive a driver that stops answering. */
export const xid: GpuCollector = {
  name: 'xid',
  collect: ({ xids, migXids, xidSources }, { emit }) => {
    for (const { count, lastSeconds, xid: code, ...gpu } of xids) {
      const labels = { ...deviceLabels(gpu), xid: codeLabel(code) };
      emit('gpu_xid_errors_total', labels, count);
      emit('gpu_xid_last_timestamp_seconds', labels, lastSeconds);
    }
    for (const { count, gpuInstanceId, xid: code, ...gpu } of migXids) {
      emit('gpu_mig_xid_errors_total', { ...instanceLabels(gpu, gpuInstanceId), xid: codeLabel(code) }, count);
    }
    for (const source of xidSourceNames) emit('gpu_xid_source_active', { source }, xidSources[source] ? 1 : 0);
    emitMeanings(new Set(xids.map(({ xid: code }) => code)), emit);
  },
};

/** Only of codes that have a counter here: the whole table would be a hundred series more on every node. */
function emitMeanings(codes: ReadonlySet<number>, emit: Emit<typeof catalogue>): void {
  for (const code of [...codes].toSorted((a, b) => a - b)) {
    if (code === otherXid) continue;
    const known = xidClassOf(code);
    const meaning =
      known === undefined
        ? { class: 'unclassified', action: 'investigate' }
        : { class: known, action: xidClasses[known].action };
    emit('gpu_xid_info', { xid: String(code), ...meaning }, 1);
  }
}

function codeLabel(code: number): string {
  return code === otherXid ? 'other' : String(code);
}
