import type { DataLoader } from '#contracts/data-loader.ts';
import { registry } from '#contracts/registry.ts';

/** Every format of data sets that the lab reads: one file in `data/` each. */
export const dataLoaders = registry(import.meta.glob<DataLoader>('./data/*.ts', { eager: true, import: 'default' }));
