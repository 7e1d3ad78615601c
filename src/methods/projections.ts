import { registry } from '#contracts/registry.ts';
import type { ProjectionMethod } from '#methods/projector.ts';

/** Every projection: one file in `projection/` each. */
export const projectionMethods = registry(
	import.meta.glob<ProjectionMethod>('./projection/*.ts', { eager: true, import: 'default' })
);
