import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { billingDocument } from '../../exporters/billing/api/document.ts';
import { billingRoutes } from '../../exporters/billing/api/routes/index.ts';
import { cmdbDocument } from '../../exporters/cmdb/api/document.ts';
import { cmdbRoutes } from '../../exporters/cmdb/api/routes/index.ts';
import { predictionDocument } from '../../exporters/prediction/api/document.ts';
import { predictionRoutes } from '../../exporters/prediction/api/routes/index.ts';
import { openApi } from '../../kit/api/openapi.ts';
import { documentComplaints, schemasIn } from '../support/openapi.ts';
import { root } from './documents.ts';

describe.each([
  { name: 'billing', routes: billingRoutes, text: JSON.stringify(openApi(billingRoutes, billingDocument)) },
  { name: 'cmdb', routes: cmdbRoutes, text: JSON.stringify(openApi(cmdbRoutes, cmdbDocument)) },
  {
    name: 'prediction',
    routes: predictionRoutes,
    text: JSON.stringify(openApi(predictionRoutes, predictionDocument)),
  },
])('the API of $name', ({ name, routes, text }) => {
  const document = JSON.parse(text);

  test('keeps to OpenAPI 3.1', () => expect(documentComplaints(document)).toEqual([]));

  test('has schemas that are schemas, and lead to what is there', () => {
    const ajv = new Ajv2020({ strict: false });
    expect(schemasIn(document).filter((schema) => !ajv.validateSchema(schema))).toEqual([]);
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, ref = '']) => ref);
    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((ref) => !Object.hasOwn(document.components.schemas, ref))).toEqual([]);
  });

  test('has an id of its own for every operation, and the parameters of its path', () => {
    const ids = routes.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const { path, parameters } of routes) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, each = '']) => each);
      const declared = Object.entries(parameters).flatMap(([each, spec]) => (spec.in === 'path' ? [each] : []));
      expect([path, declared]).toEqual([path, named]);
    }
  });

  test('is the committed document', () => {
    const committed = readFileSync(join(root, `docs/reference/${name}-openapi.json`), 'utf8');
    expect(JSON.parse(committed)).toEqual(document);
  });
});
