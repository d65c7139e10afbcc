import { upstreamsOf } from '../../exporters/inference/gateway/gateway-file.ts';
import { ConfigError } from '../../kit/errors.ts';

/** The servers as they were given. Throws ConfigError now rather than after all other programs have started. */
export function checkUpstreams(urls: readonly string[]): readonly string[] {
  try {
    upstreamsOf(urls);
    return urls;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.message.replace('--proxy.upstreams', '--inference.upstreams'));
  }
}
