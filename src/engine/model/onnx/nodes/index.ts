import type { Handlers } from '#engine/model/onnx/call.ts';

const modules = import.meta.glob<Handlers>(['./*.ts', '!./index.ts'], { eager: true, import: 'default' });

/** What is known of ONNX's operators, and those of onnxruntime's own that exports use. A file of this folder joins it. */
export const handlers = new Map(Object.values(modules).flatMap((table) => Object.entries(table)));
