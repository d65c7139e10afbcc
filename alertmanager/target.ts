import { channelLists } from './channel-lists.ts';
import { openChannel } from './channels/index.ts';
import { SiteError } from './checks.ts';
import { type FeatureName, features, isIn, type TargetVersion } from './features.ts';
import type { Site } from './site.ts';

/** What the configuration is written for. */
export interface Target {
  readonly version: TargetVersion;
  /** In files that Alertmanager reads, or in objects whose secrets the Prometheus operator fills in. */
  readonly secrets: 'files' | 'selectors';
}

/** Throws a {@link SiteError} for the first channel that this release cannot have, or not without its secret in the configuration. */
export function checkTarget(site: Site, { version, secrets }: Target): void {
  for (const { path, channels } of channelLists(site)) {
    for (const [index, channel] of channels.entries()) {
      const { name, features: needed } = openChannel(channel);
      const missing = needed.find((feature) => isMissing(feature, { version, secrets }));
      if (missing !== undefined) throw tooOld(`${path}[${index}].${name}`, missing, version);
    }
  }
}

function isMissing(feature: FeatureName, { version, secrets }: Target): boolean {
  if (secrets === 'selectors' && features[feature].lacks === 'secret-file') return false;
  return !isIn(feature, version);
}

function tooOld(path: string, feature: FeatureName, version: TargetVersion): SiteError {
  const { since, lacks } = features[feature];
  const why =
    lacks === 'integration'
      ? `Alertmanager ${version} does not know it`
      : `Alertmanager ${version} takes its secret only from the configuration itself, where it does not belong`;
  return new SiteError(
    `${path}: ${why}; run Alertmanager ${since} or newer and say so with --alertmanager.target-version=${since}, or reach it through a webhook to a bridge`,
  );
}
