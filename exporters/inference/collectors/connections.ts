import type { InferenceCollector } from './inference-collector.ts';

export const connectionsCollector: InferenceCollector = {
  name: 'connections',
  collect: ({ proxy }, { emit }) => {
    emit('inference_proxy_client_connections', {}, proxy?.connections);
    emit('inference_proxy_keys', {}, proxy?.keys);
  },
};
