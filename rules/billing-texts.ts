/** How the descriptions of alerts about billing begin. */
export const whichBudget =
  'The budget {{ $labels.budget }}{{ with $labels.tenant }} of the tenant {{ . }}{{ end }}{{ with $labels.cost_centre }} of the cost centre {{ . }}{{ end }} ({{ $labels.cluster }})';
export const whichMeter = 'The meter {{ $labels.meter }} of the cluster {{ $labels.cluster }}';

/** Steps that several runbooks of billing have in common. */
export const readBillingLog =
  'What the daemon says: `journalctl -u fleetlens-billing -n 100`, `kubectl logs deploy/fleetlens-billing --tail=100`. It names the source, the window and the remedy.';
export const askStatus = 'How far each meter is, and what it waits for: `fleetlens billing status`.';
export const lookAtCosts = 'The board Cost and usage shows the tenant by meter, by model and by day.';
export const whoPays =
  'Who acts: the owner of the tenant, whom the platform owner tells; nothing is stopped by the alert itself.';
