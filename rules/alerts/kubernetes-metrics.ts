import { series } from '../../metrics/promql.ts';
import { apiServer } from '../../metrics/vendors/kube-apiserver.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { kubelet } from '../../metrics/vendors/kubelet.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { exampleKubeStateTarget } from '../examples.ts';

const notHere = 'No Kubernetes here: leave the profile kubernetes out when you generate the rules.';

export default defineAlerts({
  theme: 'kubernetes-metrics',
  profile: 'kubernetes',
  alerts: [
    absentAlert({
      name: 'KubernetesMetricsAbsent',
      anyOf: [kubeState.kube_node_info],
      exporter: 'kube-state-metrics',
      blind: 'Alerts about nodes and pods of Kubernetes',
      firstLook: [
        'Does it run: `kubectl get pods -A -l app.kubernetes.io/name=kube-state-metrics -o wide`.',
        'May it see nodes: `kubectl auth can-i list nodes --as=system:serviceaccount:<namespace>:kube-state-metrics`.',
      ],
      remedy: [notHere],
      example: series(kubeState.kube_node_info, { ...exampleKubeStateTarget, node: 'n1' }),
    }),
    absentAlert({
      name: 'KubeletMetricsAbsent',
      anyOf: [kubelet.kubelet_node_name],
      exporter: 'the kubelet',
      blind: 'Alerts about volumes',
      firstLook: ['Does it answer: `kubectl get --raw /api/v1/nodes/<node>/proxy/metrics | grep -c ^kubelet_`.'],
      remedy: ['401 or 403: give the service account of Prometheus `get` on `nodes/metrics`.', notHere],
      example: series(kubelet.kubelet_node_name, { cluster: 'c1', job: 'kubelet', instance: 'n1:10250', node: 'n1' }),
    }),
    absentAlert({
      name: 'ApiServerMetricsAbsent',
      anyOf: [apiServer.apiserver_request_total],
      exporter: 'the Kubernetes API server',
      blind: 'Alerts about the Kubernetes API',
      firstLook: ['Does it answer: `kubectl get --raw /metrics | grep -c ^apiserver_request_total`.'],
      remedy: [
        'A provider that does not show these metrics: silence this alert for good.',
        'Relabelling drops them: mend the scrape job. The rules read apiserver_request_total and apiserver_request_sli_duration_seconds.',
      ],
      example: series(apiServer.apiserver_request_total, {
        cluster: 'c1',
        job: 'apiserver',
        instance: 'm1:6443',
        verb: 'GET',
        code: '200',
      }),
    }),
  ],
});
