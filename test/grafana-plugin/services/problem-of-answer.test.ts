import { problemOfAnswer } from '../../../grafana-plugin/src/services/problem-of-answer';

test.each([
  ['Grafana does not know the settings yet', 500, { message: 'Failed to fetch plugin settings' }, 'not_set_up'],
  ['the address is empty', 502, { message: 'unsupported protocol scheme ""' }, 'not_set_up'],
  ['the app is not enabled', 404, { message: 'plugin route match not found' }, 'not_set_up'],
  ['nobody is signed in', 401, { message: 'Unauthorized' }, 'signed_out'],
  ['the role may not', 403, { message: 'plugin proxy route access denied' }, 'forbidden'],
  ['the token is not known', 401, { error: { code: 'unauthorized', message: 'the token is not known' } }, 'token'],
  ['the token may not', 403, { error: { code: 'forbidden', message: 'this needs the role editor' } }, 'token'],
  ['there is no such item', 404, { error: { code: 'not_found', message: 'no item 7' } }, 'not_found'],
  ['a parameter is wrong', 400, { error: { code: 'bad_request', message: 'limit: at most 500' } }, 'refused'],
  ['nobody listens', 502, { message: 'dial tcp: connection refused' }, 'unreachable'],
  ['no answer at all', 0, undefined, 'unreachable'],
  ['the proxy waited too long', 504, '<html></html>', 'slow'],
  ['the service broke', 500, { error: { code: 'internal', message: 'it failed' } }, 'failed'],
  ['the daemon is not set up for it', 501, { error: { code: 'not_set_up', message: 'PDFs need Chromium' } }, 'refused'],
  ['the service starts', 503, { error: { code: 'unavailable', message: 'try later' } }, 'failed'],
])('%s', (_name, status, data, kind) => {
  expect(problemOfAnswer('cmdb', { status, data }).kind).toBe(kind);
});

test('a detail is what was said, and no longer than people read', () => {
  const problem = problemOfAnswer('billing', { status: 500, data: { error: { message: 'x'.repeat(10_000) } } });
  expect(problem.detail).toHaveLength(300);
});

test('what is not said is not made up', () => {
  expect(problemOfAnswer('billing', { status: 500, data: '<html>' }).detail).toBeUndefined();
});
