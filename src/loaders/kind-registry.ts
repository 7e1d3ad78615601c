import type { FileKind } from '#contracts/kind.ts';
import { registry } from '#contracts/registry.ts';

/** Everything that a dropped file may be: one file in `kinds/` each. */
export const kinds = registry(import.meta.glob<FileKind>('./kinds/*.ts', { eager: true, import: 'default' }));
