import { defineMetrics } from '../define.ts';

/** Series of the Kubernetes API server. */
export const apiServer = defineMetrics('external:kube-apiserver', {
  apiserver_request_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests to the API server by the code of the answer.',
    labels: ['verb', 'code'],
  },
  apiserver_request_sli_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time that the API server takes to answer, without what admission webhooks and priority queues add.',
    labels: ['verb'],
  },
});
