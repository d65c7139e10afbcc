/** How the descriptions of alerts about one GPU or node begin: a node has no uuid. */
export const whichEntity =
  '{{ with $labels.uuid }}The GPU {{ . }} on {{ end }}{{ $labels.node }} ({{ $labels.cluster }})';
/** The same of the service. */
export const whichService = 'The prediction service {{ $labels.job }} in {{ $labels.cluster }}';

/** Steps that several runbooks of prediction have in common. */
export const readPredictionLog =
  'What the daemon says: `journalctl -u fleetlens-prediction -n 100`, `kubectl logs deploy/fleetlens-prediction --tail=100`. It names the source and the remedy.';
export const askWhy =
  'Why: the board Failure risk, and `curl -sS http://<daemon>:9414/api/v1/risk/<uuid>`, which tells reasons against peers, rules and past incidents that began like that.';
export const readCard =
  "How good such statements have been on this fleet: `curl -sS -H 'Accept: text/markdown' 'http://<daemon>:9414/api/v1/card?kind=gpu&horizon=7d'`.";
