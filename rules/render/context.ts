import { cmdb } from '../../metrics/cmdb.ts';
import type { Alert } from '../alert.ts';

const info = cmdb.cmdb_ci_info.name;
/** Services on a server that are named at most. */
const maxServices = 3;

/**
 * Who and where, asked of the inventory while the alert fires: rack, owner and services are in the text and not in labels, so that
 * the alert stays the same when they change, and fires all the same without an inventory. Undefined where there is nothing to ask for.
 * Values of labels come from outside; `%q` quotes them as PromQL does, so none can end the string that it stands in.
 */
export function contextOf({ fires }: Pick<Alert, 'fires'>): string | undefined {
  const labels = new Set(fires.alerts.flatMap((each) => Object.keys(each)));
  if (labels.has('node')) return labels.has('uuid') ? `${aboutServer}${aboutGpu}` : aboutServer;
  return labels.has('tenant') ? aboutTenant : undefined;
}

/** Names may be the same in two clusters; one of the own cluster goes first. */
const server = asked(
  `${info}{class="server",node=%q,cluster=%q} or on (node) ${info}{class="server",node=%q}`,
  '$labels.node $labels.cluster $labels.node',
);
/** Replicas show the same relations, hence the group. */
const services = asked(
  `group by (name) (${cmdb.cmdb_relation_info.name}{relation="runs_on",class="application",related_ci=%q})`,
  '.Labels.ci',
);

const servicesOfServer = `{{ with ${services} | sortByLabel "name" }}, runs {{ range $i, $service := . }}{{ if lt $i ${maxServices} }}{{ if $i }}, {{ end }}{{ $service.Labels.name }}{{ end }}{{ end }}{{ if gt (len .) ${maxServices} }} and more{{ end }}{{ end }}`;
const owners = `${optional('tenant', 'tenant')}${optional('owner', 'owner')}${optional('team', 'on call')}`;
const place = `${optional('rack', 'rack')}${optional('room', 'room')}${optional('site', 'site')}`;
const hardware = `${optional('model', 'model')}${optional('serial', 'serial')}`;
const unusualState = `{{ if .Labels.state }}{{ if ne .Labels.state "in_service" }}, state {{ .Labels.state }}{{ end }}{{ end }}`;

const aboutServer = `{{ $server := "" }}{{ if $labels.node }}{{ with ${server} }}{{ with . | first }}{{ $server = .Labels.name }}Server {{ .Labels.name }}${place}${owners}${hardware}${unusualState}${servicesOfServer}{{ end }}{{ end }}{{ end }}`;
const aboutGpu = `{{ if $labels.uuid }}{{ with ${asked(`${info}{class="gpu",uuid=%q}`, '$labels.uuid')} }}{{ with . | first }}{{ if $server }}; {{ end }}GPU {{ .Labels.name }}${optional('serial', 'serial')}${unusualState}{{ end }}{{ end }}{{ end }}`;
const aboutTenant = `{{ if $labels.tenant }}{{ with ${asked(`${info}{class="tenant",name=%q}`, '$labels.tenant')} }}{{ with . | first }}Tenant {{ .Labels.name }}${optional('owner', 'owner')}${optional('team', 'on call')}{{ end }}{{ end }}{{ end }}`;

/** A query whose `%q` are filled in; PromQL holds no back quote, so it may stand between two. */
function asked(query: string, values: string): string {
  return `printf \`${query}\` ${values} | query`;
}

function optional(label: string, word: string): string {
  return `{{ with .Labels.${label} }}, ${word} {{ . }}{{ end }}`;
}
