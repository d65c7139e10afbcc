import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import 'systemjs/dist/extras/named-register.js';
import * as emotion from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaDataUnstable from '@grafana/data/unstable';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaRuntimeUnstable from '@grafana/runtime/unstable';
import * as grafanaUi from '@grafana/ui';
import * as grafanaUiUnstable from '@grafana/ui/unstable';
import i18next from 'i18next';
import jquery from 'jquery';
import lodash from 'lodash';
import moment from 'moment';
import * as prismjs from 'prismjs';
import * as react from 'react';
import * as jsxDevRuntime from 'react/jsx-dev-runtime';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactDom from 'react-dom';
import * as reactDomClient from 'react-dom/client';
import * as inlineSvg from 'react-inlinesvg';
import * as reactRouter from 'react-router';
import * as reactRouterDom from 'react-router-dom';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

interface SystemLoader {
  set(name: string, module: object): void;
  addImportMap(map: { imports: Record<string, string> }): void;
  import(url: string): Promise<Record<string, unknown>>;
}

declare global {
  interface Window {
    System: SystemLoader;
  }
}

const withDefault = (value: unknown): object => ({ default: value, __useDefault: true });

/** Under the names by which Grafana gives its libraries to plugins. */
const shared: Readonly<Record<string, object>> = {
  '@emotion/css': emotion,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  '@grafana/data/unstable': grafanaDataUnstable,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/runtime/unstable': grafanaRuntimeUnstable,
  '@grafana/ui': grafanaUi,
  '@grafana/ui/unstable': grafanaUiUnstable,
  emotion,
  i18next: withDefault(i18next),
  jquery: withDefault(jquery),
  lodash: withDefault(lodash),
  moment: withDefault(moment),
  prismjs,
  react,
  'react-dom': reactDom,
  'react-dom/client': reactDomClient,
  'react-inlinesvg': inlineSvg,
  'react-router': reactRouter,
  'react-router-dom': reactRouterDom,
  'react/jsx-dev-runtime': jsxDevRuntime,
  'react/jsx-runtime': jsxRuntime,
  rxjs,
  'rxjs/operators': rxjsOperators,
};

export function shareModules(): void {
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(shared)) {
    // A module without the tag would be copied, and what the host sets later would never reach the plugin.
    if (Reflect.get(module, Symbol.toStringTag) !== 'Module')
      Object.defineProperty(module, Symbol.toStringTag, { value: 'Module' });
    window.System.set(`package:${name}`, module);
    imports[name] = `package:${name}`;
  }
  window.System.addImportMap({ imports });
}
