import { ConfigError, errnoOf, reasonOf } from '../../errors.ts';

/** What the user can mend, by PostgreSQL's error code or that of TLS. */
const remedies: Readonly<Record<string, string>> = {
  '28P01': 'user or password is refused; mend it in the URL',
  '28000': "the server lets nobody in this way; see its pg_hba.conf, or the URL's user and sslmode",
  '3D000': 'there is no such database; create it, or name another one in the URL',
  '42501': 'the user may not do this; grant it CREATE on the database',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; name it with sslrootcert',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of a private authority; name that with sslrootcert',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority; name that with sslrootcert',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an unknown authority; name that with sslrootcert',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name; use that name, or sslmode=verify-ca',
};

/** The error in our words if the user can mend it; undefined for one that may pass. */
export function mendable(error: unknown, shown: string): ConfigError | undefined {
  const code = errnoOf(error) ?? '';
  const remedy =
    remedies[code] ??
    (isWithoutTls(error) ? 'it does not speak TLS; leave sslmode out, or turn TLS on there' : undefined);
  if (remedy === undefined) return undefined;
  return new ConfigError(`the database at ${shown}: ${remedy} (${reasonOf(error)})`);
}

function isWithoutTls(error: unknown): boolean {
  return reasonOf(error).includes('does not support SSL');
}
