/** Who evaluates the rules. */
export const targetNames = ['prometheus', 'mimir', 'thanos', 'victoriametrics'] as const;
export type TargetName = (typeof targetNames)[number];

export interface RuleTarget {
  readonly name: TargetName;
  /** Major and minor version, such as 2.42. */
  readonly version: string;
}

/** The oldest versions that our rules are written for. */
export const defaultVersions: Readonly<Record<TargetName, string>> = {
  prometheus: '2.42',
  mimir: '2.10',
  thanos: '0.34',
  victoriametrics: '1.93',
};

export const defaultTarget: RuleTarget = { name: 'prometheus', version: defaultVersions.prometheus };

const versionPattern = /^v?(\d+)\.(\d+)(?:\.\d+)?$/;

/** `2.42` of 2.42, v2.42 or 2.42.1; undefined for what is no version. */
export function parseVersion(text: string): string | undefined {
  const [, major, minor] = versionPattern.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : `${Number(major)}.${Number(minor)}`;
}

/** True if `version` is `least` or newer; both are major and minor. */
export function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
