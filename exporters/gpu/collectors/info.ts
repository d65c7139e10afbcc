import { deviceLabels, type GpuCollector } from './gpu-collector.ts';

/** Facts about each GPU, for joins. They stay when the GPU is lost, because that is when its serial number and address are needed. */
export const info: GpuCollector = {
  name: 'info',
  collect: ({ known, versions }, { emit }) => {
    const { driver = '' } = versions;
    for (const gpu of known) {
      const { model = '', serial = '', pciBusId = '', vbios = '' } = gpu.identity;
      emit('gpu_info', { ...deviceLabels(gpu), model, serial, pci_bus_id: pciBusId, vbios, driver }, 1);
    }
  },
};
