import { refused } from './checks.ts';

/** A release of Alertmanager, such as 0.25. Patch releases add no settings. */
export type TargetVersion = `0.${number}`;

/** Everything that is written without asking for a newer one loads on this release. */
export const floorVersion = '0.25' satisfies TargetVersion;

interface Feature {
  readonly since: TargetVersion;
  /** What an older release lacks: the setting as a whole, or only the way to read its secret from a file. */
  readonly lacks: 'integration' | 'secret-file';
}

/** What the floor lacks, by the changelog of Alertmanager. Discord could name a file in 0.27, but not read it before 0.28. */
export const features = {
  'webhook.url_file': { since: '0.26', lacks: 'secret-file' },
  telegram: { since: '0.26', lacks: 'secret-file' },
  pushover: { since: '0.26', lacks: 'secret-file' },
  discord: { since: '0.28', lacks: 'secret-file' },
  wechat: { since: '0.31', lacks: 'secret-file' },
  msteams: { since: '0.28', lacks: 'integration' },
  jira: { since: '0.28', lacks: 'integration' },
  rocketchat: { since: '0.28', lacks: 'integration' },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof features;

export function parseVersion(value: unknown, path: string): TargetVersion {
  const minor = typeof value === 'string' ? /^0\.(\d{2})$/.exec(value)?.[1] : undefined;
  if (minor === undefined || Number(minor) < minorOf(floorVersion)) {
    throw refused(path, value, `a release of Alertmanager from ${floorVersion} on, such as 0.28`);
  }
  return `0.${Number(minor)}`;
}

export function isIn(feature: FeatureName, version: TargetVersion): boolean {
  return minorOf(version) >= minorOf(features[feature].since);
}

function minorOf(version: TargetVersion): number {
  return Number(version.slice(2));
}
