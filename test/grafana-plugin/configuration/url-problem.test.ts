import { storedUrl, urlProblem } from '../../../grafana-plugin/src/configuration/url-problem';

test.each(['', 'http://fleetlens-billing:9413', 'https://example.com/billing/', ' http://[::1]:9413 '])(
  '%j is an address, or none at all',
  (text) => {
    expect(urlProblem(text)).toBeUndefined();
  },
);

test.each([
  ['fleetlens-billing', 'This is no address. Write it as http://host:port.'],
  ['fleetlens-billing:9413', 'An address begins with http:// or https://.'],
  ['ftp://billing', 'An address begins with http:// or https://.'],
  ['javascript:alert(1)', 'An address begins with http:// or https://.'],
  ['http://a b', 'This is no address. Write it as http://host:port.'],
  ['http://me@billing', 'All viewers can read addresses: put no user and no password into it.'],
  ['http://me:secret@billing', 'All viewers can read addresses: put no user and no password into it.'],
  ['http://billing/?token=x', 'An address ends before ? and #: the app adds what it asks for.'],
  ['http://billing:9413/api/v1', 'Leave out /api/v1: the app adds it.'],
  ['http://alertmanager:9093/api/v2/', 'Leave out /api/v2/: the app adds it.'],
])('%j: %s', (text, problem) => {
  expect(urlProblem(text)).toBe(problem);
});

test('an address is stored without space and slash at its end', () => {
  expect(storedUrl(' http://billing:9413// ')).toBe('http://billing:9413');
});
