/** A scrape target as service discovery labels it, for the examples of the alerts. */
export const exampleTarget = { cluster: 'c1', node: 'n1', job: 'fleetlens-gpu', instance: 'n1:9400' } as const;

/** What is left of the target on an alert about the node. */
export const exampleNode = { cluster: 'c1', node: 'n1' } as const;

const device = { gpu_id: '0', uuid: 'GPU-11111111-2222-3333-4444-555555555555' } as const;

/** A series of the GPU exporter, with every label that a scrape gives it. */
export const exampleGpuTarget = { ...exampleTarget, ...device } as const;

/** What is left of it on an alert about the GPU. */
export const exampleGpu = { ...exampleNode, ...device } as const;
