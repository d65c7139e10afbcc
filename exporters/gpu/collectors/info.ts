import { deviceLabels, type GpuCollector, readableGpus } from './gpu-collector.ts';

/** Facts about each GPU, for joins. */
export const info: GpuCollector = {
  name: 'info',
  collect: (state, output) => {
    const driver = state.reading?.versions.driver ?? '';
    for (const gpu of readableGpus(state, output)) {
      const { model = '', serial = '', pciBusId = '', vbios = '' } = gpu.identity;
      output.emit('gpu_info', { ...deviceLabels(gpu), model, serial, pci_bus_id: pciBusId, vbios, driver }, 1);
    }
  },
};
