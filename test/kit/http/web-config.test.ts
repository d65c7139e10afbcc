import { hashSync } from 'bcryptjs';
import { parseWebConfig } from '../../../kit/http/web-config.ts';

const hash = hashSync('secret', 4);

test('everything at once', () => {
  const yaml = `
tls_server_config:
  cert_file: server.pem
  key_file: /etc/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ../ca.pem
  min_version: TLS12
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: true
http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  alice: ${hash}
  bob smith: ${hash.replace('$2b$', '$2y$')}
`;
  expect(parseWebConfig('/etc/fleetlens/web.yml', yaml)).toEqual({
    tls: {
      certFile: '/etc/fleetlens/server.pem',
      keyFile: '/etc/server.key',
      clientCaFile: '/etc/ca.pem',
      clientAuth: 'RequireAndVerifyClientCert',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
      curves: 'X25519:P-256',
    },
    users: new Map([
      ['alice', hash],
      ['bob smith', hash.replace('$2b$', '$2y$')],
    ]),
    headers: { 'X-Frame-Options': 'deny', 'Strict-Transport-Security': 'max-age=31536000' },
  });
});

test.each(['', '# nothing', '{}', '~'])('"%s" asks for nothing', (yaml) => {
  expect(parseWebConfig('w.yml', yaml)).toEqual({ tls: undefined, users: new Map(), headers: {} });
});

test('without more, TLS 1.2 and 1.3 and no certificates of clients', () => {
  expect(parseWebConfig('/w.yml', 'tls_server_config: {cert_file: a, key_file: b}').tls).toEqual({
    certFile: '/a',
    keyFile: '/b',
    clientCaFile: undefined,
    clientAuth: 'NoClientCert',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: undefined,
    curves: undefined,
  });
});

const tls = (more: string): string => `tls_server_config: {cert_file: a, key_file: b, ${more}}`;
const bcrypt = (value: string): string => `basic_auth_users: {alice: ${value}}`;
const noHash = 'basic_auth_users.alice must be a bcrypt hash ($2y$…), as htpasswd -nBC 10 "" makes it';

test.each([
  ['bad syntax', 'tls_server_config: [', 'w.yml:1:21 is no valid YAML: '],
  ['a list', '- tls', 'w.yml must hold keys and values'],
  ['a text', 'tls', 'w.yml must hold keys and values'],
  [
    'an unknown part',
    'tls_server_confg: {}',
    'w.yml has an unknown key tls_server_confg; did you mean tls_server_config?',
  ],
  [
    'an unknown key',
    tls('cert_fil: x'),
    'w.yml: tls_server_config has an unknown key cert_fil; did you mean cert_file?',
  ],
  ['a limit that is not enforced', 'rate_limit: {}', 'w.yml has an unknown key rate_limit'],
  ['a key of objects', '__proto__: {}', 'w.yml has an unknown key __proto__'],
  ['no value', 'tls_server_config:', 'w.yml: tls_server_config must hold keys and values'],
  [
    'no certificate',
    'tls_server_config: {key_file: b}',
    'w.yml: tls_server_config.cert_file must be a text that is not empty',
  ],
  ['no key', 'tls_server_config: {cert_file: a}', 'w.yml: tls_server_config.key_file must be a text that is not empty'],
  ['an empty path', 'tls_server_config: {cert_file: "", key_file: b}', 'w.yml: tls_server_config.cert_file must be'],
  [
    'an unknown version',
    tls('min_version: TLS14'),
    'w.yml: tls_server_config.min_version must be one of TLS10, TLS11, TLS12, TLS13, got "TLS14"',
  ],
  [
    'versions that leave none',
    tls('min_version: TLS13, max_version: TLS12'),
    'w.yml: tls_server_config.min_version must not be above max_version, got TLS13 and TLS12',
  ],
  [
    'a way that Node cannot enforce',
    tls('client_ca_file: c, client_auth_type: VerifyClientCertIfGiven'),
    'w.yml: tls_server_config.client_auth_type must be one of NoClientCert, RequestClientCert, RequireAndVerifyClientCert, got "VerifyClientCertIfGiven"',
  ],
  [
    'certificates that nobody signed',
    tls('client_auth_type: RequireAndVerifyClientCert'),
    'w.yml: tls_server_config.client_auth_type RequireAndVerifyClientCert needs client_ca_file',
  ],
  [
    'an authority that is not asked',
    tls('client_ca_file: c'),
    'w.yml: tls_server_config.client_ca_file has no effect without client_auth_type, such as RequireAndVerifyClientCert',
  ],
  [
    'an unknown cipher',
    tls('cipher_suites: [RC4]'),
    'w.yml: tls_server_config.cipher_suites does not know "RC4"; known are ',
  ],
  [
    'a cipher of objects',
    tls('cipher_suites: [constructor]'),
    'w.yml: tls_server_config.cipher_suites does not know "constructor"',
  ],
  [
    'a curve of objects',
    tls('curve_preferences: [constructor]'),
    'w.yml: tls_server_config.curve_preferences must hold',
  ],
  ['ciphers as text', tls('cipher_suites: RC4'), 'w.yml: tls_server_config.cipher_suites must be a list of texts'],
  [
    'an unknown curve',
    tls('curve_preferences: [P256]'),
    'w.yml: tls_server_config.curve_preferences must hold CurveP256, CurveP384, CurveP521, X25519, got "P256"',
  ],
  ['users as list', 'basic_auth_users: [alice]', 'w.yml: basic_auth_users must hold keys and values'],
  ['a plain password', bcrypt('secret'), `w.yml: ${noHash}`],
  ['no password', bcrypt('~'), `w.yml: ${noHash}`],
  ['a cut hash', bcrypt(hash.slice(0, -1)), `w.yml: ${noHash}`],
  ['a hash of another kind', bcrypt('"{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="'), `w.yml: ${noHash}`],
  ['a hash of a broken bcrypt', bcrypt(hash.replace('$2b$', '$2x$')), `w.yml: ${noHash}`],
  ['a cost that bcrypt does not have', bcrypt(hash.replace('$04$', '$99$')), `w.yml: ${noHash}`],
  ['a cost below', bcrypt(hash.replace('$04$', '$03$')), `w.yml: ${noHash}`],
  [
    'a header that may not be set',
    'http_server_config: {headers: {Set-Cookie: a}}',
    'w.yml: http_server_config.headers has an unknown key Set-Cookie',
  ],
  [
    'a header without text',
    'http_server_config: {headers: {X-Frame-Options: 1}}',
    'w.yml: http_server_config.headers.X-Frame-Options must be a text',
  ],
  [
    'a value that holds itself',
    tls('min_version: &a [*a]'),
    'w.yml: tls_server_config.min_version must be one of TLS10, TLS11, TLS12, TLS13, got [a list]',
  ],
])('%s is refused', (_, yaml, message) => {
  const complaint = complaintAbout(yaml);
  expect(complaint.slice(0, message.length)).toBe(message);
});

test('a password never shows in the complaint about it', () => {
  expect(complaintAbout(bcrypt('hunter2'))).toMatch(/^(?!.*hunter2).*basic_auth_users\.alice/);
});

test('a header with a line break is refused', () => {
  const yaml = 'http_server_config: {headers: {X-Frame-Options: "a\\r\\nSet-Cookie: b"}}';
  expect(() => parseWebConfig('w.yml', yaml)).toThrow(
    'w.yml: http_server_config.headers.X-Frame-Options must hold no line breaks',
  );
});

function complaintAbout(yaml: string): string {
  try {
    parseWebConfig('w.yml', yaml);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return error.message;
    throw error;
  }
  return 'was accepted';
}
