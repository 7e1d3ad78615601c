import { registry } from '#contracts/registry.ts';
import type { View } from '#contracts/view.ts';

/** Every view: one folder with a spec.ts each; it becomes a tab. */
export const views = registry(import.meta.glob<View>('./*/spec.ts', { eager: true, import: 'default' }));
