import type { Handlers } from '#engine/model/onnx/call.ts';
import { OWN } from '#engine/model/onnx/definition.ts';

const modules = import.meta.glob<Handlers>(['./*.ts', '!./index.ts'], { eager: true, import: 'default' });

/** What is known of ONNX's operators, and those of onnxruntime's own that exports use. A file of this folder joins it. */
const handlers = new Map(Object.values(modules).flatMap((table) => Object.entries(table)));

/** Others have what they lack in common with ONNX under `domain/name`. */
const OTHERS = new Set(['com.microsoft', 'ai.onnx.ml']);

/** Who translates an operator; undefined for what nobody knows. */
export const handlerOf = (op: string, domain: string) =>
	OWN.has(domain)
		? handlers.get(op)
		: OTHERS.has(domain)
			? (handlers.get(`${domain}/${op}`) ?? (domain === 'com.microsoft' ? handlers.get(op) : undefined))
			: undefined;
