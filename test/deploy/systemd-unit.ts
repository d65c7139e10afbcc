import { readDeployFile } from './manifests.ts';

/** A unit of deploy/systemd by the name of its daemon. */
export interface SystemdUnit {
  readonly text: string;
  /** Values of a directive, in their order. */
  readonly values: (directive: string) => readonly string[];
}

export function systemdUnit(daemon: string): SystemdUnit {
  const text = readDeployFile(`systemd/fleetlens-${daemon}.service`);
  return {
    text,
    values: (directive) =>
      [...text.matchAll(/^(\w+)=(.*)$/gm)].flatMap(([, name, value = '']) => (name === directive ? [value] : [])),
  };
}
