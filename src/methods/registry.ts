import type { AttributionMethod } from '#contracts/method.ts';
import { registry } from '#contracts/registry.ts';

/** Every attribution method: one file in `attribution/` each. */
export const attributionMethods = registry(
	import.meta.glob<AttributionMethod>('./attribution/*.ts', { eager: true, import: 'default' })
);
