import { registry } from '#contracts/registry.ts';
import type { View } from '#contracts/view.ts';

/** Every view: one folder with a spec.ts each; it stands in the rail. */
export const views = registry(import.meta.glob<View>('./*/spec.ts', { eager: true, import: 'default' }));
