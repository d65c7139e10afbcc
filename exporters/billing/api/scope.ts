import { ApiError, notFound } from '../../../kit/api/api-error.ts';
import type { Caller } from '../../../kit/api/route.ts';
import type { Bill } from '../bills/bill.ts';
import type { Tenant, TenantDirectory } from '../subjects/tenant-directory.ts';
import type { BillingServices } from './services.ts';

/** Whether the caller may see what belongs to the tenant. */
export function maySee({ scope }: Caller, tenant: string): boolean {
  return scope === undefined || scope.includes(tenant);
}

/** Throws an ApiError if the caller is confined to some tenants: what is asked for tells of all. */
export function requireAllTenants({ name, scope }: Caller): void {
  if (scope === undefined) return;
  throw new ApiError(
    'forbidden',
    `this tells of all tenants, and the token of ${name} is for ${scope.join(', ')} only`,
  );
}

/** Throws an ApiError which is the same for a tenant that is not there and one that the caller must not know of. */
export function tenantFor(caller: Caller, name: string, directory: TenantDirectory): Tenant {
  const tenant = directory.tenants.find((each) => each.name === name);
  if (tenant === undefined || !maySee(caller, name)) throw noTenant(name);
  return tenant;
}

/** Those that are wanted, or all that the caller may see if none are. Throws an ApiError for one that they must not see. */
export function tenantsFor(caller: Caller, wanted: readonly string[], directory: TenantDirectory): readonly Tenant[] {
  if (wanted.length > 0) return [...new Set(wanted)].map((name) => tenantFor(caller, name, directory));
  return directory.tenants.filter(({ name }) => maySee(caller, name));
}

/** Names for `tenantsFor`; undefined for all. Tenants of the caller may be gone from the configuration and have bills all the same. */
export function namesFor(
  caller: Caller,
  wanted: readonly string[],
  directory: TenantDirectory,
): readonly string[] | undefined {
  if (wanted.length === 0) return caller.scope;
  return tenantsFor(caller, wanted, directory).map(({ name }) => name);
}

/** Throws an ApiError for a bill that is not there and for one of another tenant alike. */
export async function billFor(
  caller: Caller,
  number: string,
  bills: Pick<BillingServices['bills'], 'bill'>,
): Promise<Bill> {
  const bill = await bills.bill(number);
  if (bill === undefined || !maySee(caller, bill.tenant))
    throw notFound(`there is no bill ${JSON.stringify(number)}; the list of bills has those that are closed`);
  return bill;
}

function noTenant(name: string): ApiError {
  return notFound(`there is no tenant ${JSON.stringify(name)}; see the list of tenants`);
}
