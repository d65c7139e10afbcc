/** How the descriptions of alerts about the inventory begin. */
export const whichItem =
  'The {{ $labels.class }} {{ $labels.name }} (item {{ $labels.ci }}{{ with $labels.node }}, node {{ . }}{{ end }}) in {{ $labels.cluster }}';
export const whichSource = 'The source {{ $labels.source }} of the inventory in {{ $labels.cluster }}';

/** Steps that several runbooks of the inventory have in common. */
export const showItem =
  'What the inventory knows of it, and who said so: `fleetlens cmdb show <name>`, and what changed: `fleetlens cmdb history <name>`.';
export const readCmdbLog =
  'What the daemon says: `journalctl -u fleetlens-cmdb -n 100`, `kubectl logs deploy/fleetlens-cmdb --tail=100`. It names the source, the place and the remedy.';
export const lookAtDrift = 'The board Inventory and drift lists what differs, what is missing and what is not known.';
