import type { Loader } from '#contracts/loader.ts';
import { registry } from '#contracts/registry.ts';

/** Every format the lab reads: one file in `formats/` each. */
export const loaders = registry(import.meta.glob<Loader>('./formats/*.ts', { eager: true, import: 'default' }));
