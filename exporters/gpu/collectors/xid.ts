import { otherXid } from '../sources/xid-ledger.ts';
import { deviceLabels, type GpuCollector } from './gpu-collector.ts';

/** XID errors since the exporter started; they outlive a driver that stops answering. */
export const xid: GpuCollector = {
  name: 'xid',
  collect: ({ xids }, { emit }) => {
    for (const { count, lastSeconds, xid: code, ...gpu } of xids) {
      const labels = { ...deviceLabels(gpu), xid: code === otherXid ? 'other' : String(code) };
      emit('gpu_xid_errors_total', labels, count);
      emit('gpu_xid_last_timestamp_seconds', labels, lastSeconds);
    }
  },
};
