import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Tool =
  | 'prometheus'
  | 'promtool'
  | 'alertmanager'
  | 'amtool'
  | 'postgres'
  | 'initdb'
  | 'kubectl'
  | 'victoria-metrics'
  | 'chromium';

const install: Readonly<Record<Tool, string>> = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  alertmanager: 'prometheus-alertmanager',
  amtool: 'prometheus-alertmanager',
  postgres: 'postgresql-15',
  initdb: 'postgresql-15',
  kubectl: 'kubernetes-client',
  'victoria-metrics': 'victoria-metrics',
  chromium: 'chromium',
};

/** The path of a real tool: as `npm test` says, else on PATH, else in `.tools`. */
export function tool(name: Tool): string {
  const given = process.env[`FLEETLENS_${name.toUpperCase().replaceAll('-', '_')}`];
  if (given !== undefined && given !== '') return given;
  const finder = fileURLToPath(new URL('../../scripts/find-tool.mjs', import.meta.url));
  try {
    return execFileSync(process.execPath, [finder, name], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (cause) {
    throw new Error(
      `${name} not found on PATH or in .tools. Run "npm test" once, which fetches it on Debian and Ubuntu, ` +
        `or install it (apt-get install ${install[name]}, or from its website).`,
      { cause },
    );
  }
}
