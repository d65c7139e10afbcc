import type { WhatIf, WhatIfTenant } from '../api/services.ts';
import type { BillSettings } from '../bills/bill-settings.ts';
import { periodNamed } from '../bills/period.ts';
import { lineId } from '../pricing/line-id.ts';
import { pricingHash } from '../pricing/pricing-hash.ts';
import type { Pricing } from '../pricing/segments.ts';
import { type Comparison, type LineComparison, whatIf } from '../pricing/what-if.ts';
import type { Span } from '../span.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import { periodGroups } from './period-groups.ts';
import { type RateDeps, rateInput } from './rate-ledger.ts';

export interface WhatIfDeps extends RateDeps {
  readonly bills: () => Pick<BillSettings, 'anchorDay'>;
  /** Knows of these tenants alone; of all if they are undefined. Throws ConfigError. */
  readonly readPricing: (text: string, visible: readonly string[] | undefined) => Pricing;
}

/** What a period would cost with another price book; one group of tenants after the other, each from one reading of the ledger. */
export function createWhatIf(deps: WhatIfDeps): WhatIf {
  return async ({ tenants: wanted, visible, period, priceBook, signal }) => {
    const other = deps.readPricing(priceBook, visible);
    const { directory } = deps.rules();
    const tenants = directory.tenants.filter(({ name }) => wanted === undefined || wanted.includes(name));
    const { anchorDay } = deps.bills();
    const answers: WhatIfTenant[] = [];
    for (const group of periodGroups(tenants, (timeZone) => periodNamed(period, timeZone, anchorDay))) {
      signal.throwIfAborted();
      const { span } = group.period;
      const compared = whatIf(await rateInput({ period: span, alsoFor: [other] }, deps), other);
      for (const tenant of group.tenants) {
        const comparison = compared.get(tenant.name);
        if (comparison !== undefined) answers.push(answerOf(tenant, span, comparison));
      }
    }
    return { priceBookHash: pricingHash(other), tenants: answers };
  };
}

function answerOf({ name, title }: Tenant, period: Span, comparison: Comparison): WhatIfTenant {
  const { currency, before, after, problems, lines } = comparison;
  return { tenant: name, title, currency, period, before, after, problems, lines: lines.map(lineOf) };
}

function lineOf({ kind, meter, sku, cluster, costCentre, before, after }: LineComparison) {
  const description = [kind, meter, sku, cluster].filter((each) => each !== '').join(', ');
  return { id: lineId(kind, meter, sku, cluster, costCentre), description, before, after };
}
