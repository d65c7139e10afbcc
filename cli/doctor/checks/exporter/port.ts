import type { Address } from '../../../../kit/options/define.ts';
import { readWebConfig } from '../../../../kit/web-settings.ts';
import type { Check } from '../../check.ts';
import { type Finding, failure, ok, warning } from '../../finding.ts';
import { tryToListen } from '../../try-to-listen.ts';
import { type Listener, whoListens } from '../../who-listens.ts';

export const port: Check = {
  name: 'port',
  title: 'port',
  group: 'exporter',
  run: async ({ options, readFile }) => {
    const address = options['web.listen-address'];
    const problem = await tryToListen(address);
    if (problem !== 'EADDRINUSE') return judgeFree(address, problem);
    const { tls } = readWebConfig(options['web.config.file'], readFile);
    return judgeTaken(address, await whoListens(address, { isSecure: tls !== undefined }));
  },
};

/** `problem` is the error code of the attempt to listen. */
export function judgeFree(address: Address, problem: string | undefined): Finding {
  const text = addressText(address);
  if (problem === undefined) return ok(`${text} is free`);
  if (problem === 'EACCES')
    return failure(`${text} is not allowed for this user`, 'choose a port above 1023 with --web.listen-address');
  return failure(
    `${text} cannot be listened on (${problem})`,
    'give an address of this machine with --web.listen-address',
  );
}

export function judgeTaken(address: Address, listener: Listener): Finding {
  const text = addressText(address);
  const another = address.port === 65_535 ? 9401 : address.port + 1;
  const remedy = `stop it, or choose another port such as --web.listen-address=:${another}`;
  switch (listener.kind) {
    case 'fleetlens':
      if (listener.answer === 'ready') return ok(`${text} is served by FleetLens already: ready`);
      return warning(`${text} is served by FleetLens already: ${listener.answer}`, 'see its log');
    case 'dcgm-exporter':
      return failure(`${text} is taken by dcgm-exporter`, remedy);
    case 'other':
      return failure(`${text} is taken by something else`, remedy);
  }
}

function addressText({ host = '', port: number }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${number}`;
}
