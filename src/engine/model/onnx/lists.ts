import { made, valuesOf } from '#engine/model/onnx/arrays.ts';
import { plain } from '#engine/model/onnx/batch.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import type { Rounds } from '#engine/model/onnx/loops.ts';
import { isConstant, type Operand, type Value } from '#engine/model/onnx/value.ts';

/** Sequences of tensors and tensors that may be left out: put together and taken apart while the file is read. */

const listOf = (call: Call, k: number): readonly Operand[] => {
	const operand = call.operand(k);
	if (isConstant(operand) || !operand.items) throw call.fault('reads a sequence that is none');
	return operand.items;
};

const sequence = (items: readonly Operand[]): Value => ({ ref: '', shape: [], order: [], dtype: 'float32', items });

/** Counted from the end where it is negative. */
function place(call: Call, k: number, length: number, otherwise: number): number {
	const given = call.number(k, 'position');
	const at = given === null ? otherwise : given < 0 ? given + length : given;
	if (!(at >= 0 && at <= length)) throw call.fault(`looks at ${given} of ${length} tensors`);
	return at;
}

/** Parts of a tensor: of sizes that are said, of one size, or one by one. */
function parts(call: Call, as: Rounds['as']): Value {
	const x = call.operand(0);
	const axis = call.axis(x.shape.length, 0);
	const length = plain(x.shape[axis]);
	const given = call.has(1) ? call.constant(1, 'sizes') : null;
	const size = given ? (valuesOf(given)[0] ?? 0) : 1;
	const sizes = given?.shape.length
		? Array.from(valuesOf(given))
		: Array.from({ length: Math.ceil(length / size) }, (_, k) => Math.min(size, length - k * size));
	if (sizes.length > 4096 || sizes.reduce((a, b) => a + b, 0) !== length)
		throw call.fault(`cuts ${length} entries into ${sizes.slice(0, 8).join(' and ')}`);
	let from = 0;
	const items = sizes.map((n) => {
		const bounds = [[from], [(from += n)], [axis]].map((list) => made([1], 'int', Float64Array.from(list)));
		const part = as('Slice', [x, ...bounds], {});
		return given || call.int('keepdims', 1) ? part : as('Squeeze', [part], { axes: [axis] });
	});
	return sequence(items);
}

function joined(call: Call, as: Rounds['as']): Operand {
	const items = listOf(call, 0);
	const axis = call.int('axis', 0);
	const full = call.int('new_axis', 0) ? items.map((one) => as('Unsqueeze', [one], { axes: [axis] })) : items;
	if (!full.length) throw call.fault('joins no tensors');
	return full.length === 1 ? (full[0] as Operand) : as('Concat', full, { axis });
}

const LISTS: Readonly<Record<string, (call: Call, as: Rounds['as']) => Operand>> = {
	SequenceEmpty: () => sequence([]),
	SequenceConstruct: (call) => sequence(call.operands.filter((one) => one !== undefined)),
	SplitToSequence: parts,
	SequenceAt(call) {
		const items = listOf(call, 0);
		const found = items[place(call, 1, items.length, 0)];
		if (!found) throw call.fault(`looks for what is not among ${items.length} tensors`);
		return found;
	},
	SequenceInsert(call) {
		const items = listOf(call, 0);
		return sequence(items.toSpliced(place(call, 2, items.length, items.length), 0, call.operand(1)));
	},
	SequenceErase(call) {
		const items = listOf(call, 0);
		return sequence(items.toSpliced(place(call, 1, items.length, items.length - 1), 1));
	},
	SequenceLength: (call) => made([], 'int', Float64Array.of(listOf(call, 0).length)),
	ConcatFromSequence: joined,
	Optional: (call) => call.operand(0),
	OptionalGetElement: (call) => call.operand(0),
	OptionalHasElement: (call) => made([], 'bool', Uint8Array.of(call.has(0) ? 1 : 0))
};

/** @returns null for other operators */
export const listed = (call: Call, as: Rounds['as']): Operand | null => LISTS[call.node.op]?.(call, as) ?? null;
export const isListed = (op: string) => Object.hasOwn(LISTS, op);
