import { acceptsGzip, negotiateFormat } from '../../../kit/exposition/negotiate.ts';

const prometheus2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const prometheus3WithNativeHistograms =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const prometheus2TextOnly = 'text/plain;version=0.0.4;q=1,*/*;q=0.1';
const firefox = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test.each([
  ['Prometheus 2.42', prometheus2, 'openmetrics'],
  ['Prometheus 3', prometheus3, 'openmetrics'],
  ['Prometheus 3 with native histograms', prometheus3WithNativeHistograms, 'openmetrics'],
  ['Prometheus told to take text only', prometheus2TextOnly, 'text'],
  ['a browser', firefox, 'text'],
  ['curl', '*/*', 'text'],
  ['nothing', undefined, 'text'],
  ['an empty header', '', 'text'],
  ['OpenMetrics refused', 'application/openmetrics-text;q=0', 'text'],
  ['text preferred', 'application/openmetrics-text;q=0.3,text/plain;q=0.9', 'text'],
  ['upper case and spaces', ' Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.5 , text/plain;q=0.1', 'openmetrics'],
  ['a quality that is none', 'application/openmetrics-text;q=high', 'text'],
  ['protobuf only', 'application/vnd.google.protobuf', 'text'],
  ['garbage', ';;;,,,=q;q', 'text'],
  ['a name that is only alike', 'application/openmetrics-text2', 'text'],
])('%s', (_, accept, format) => {
  expect(negotiateFormat(accept)).toBe(format);
});

test.each([
  ['gzip', true],
  ['gzip, deflate, br, zstd', true],
  ['deflate;q=0.5, GZIP;q=0.1', true],
  ['*', true],
  [undefined, false],
  ['', false],
  ['identity', false],
  ['gzip;q=0', false],
  ['gzip;q=0, *', false],
  ['*;q=0', false],
  ['gzip;q=bad', false],
  ['xgzip', false],
  [';q=1', false],
])('%s takes gzip: %s', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
