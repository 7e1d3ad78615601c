import { made, valuesOf } from '#engine/model/onnx/arrays.ts';
import { batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import type { Call } from '#engine/model/onnx/call.ts';
import type { OnnxGraph } from '#engine/model/onnx/definition.ts';
import { isConstant, type Operand } from '#engine/model/onnx/value.ts';

/** Loop and Scan whose rounds can be counted in advance: every round becomes steps of its own. */

/** More would make graphs that nobody can look at. */
const [MAX_ROUNDS, MAX_NODES] = [1024, 20_000];

export interface Rounds {
	/** Walks the body with its inputs bound. @returns its outputs */
	body(graph: OnnxGraph, inputs: readonly (Operand | undefined)[], round: number): (Operand | undefined)[];
	/** What a node of that type makes of the operands. */
	as(op: string, operands: readonly Operand[], attributes: Readonly<Record<string, number | number[]>>): Operand;
}

const whole = (value: number) => made([], 'int', Float64Array.of(value));
const yes = () => made([], 'bool', Uint8Array.of(1));
const isKnown = (one: Operand | undefined): one is Operand => !!one && (isConstant(one) || !one.unknown);

const bodyOf = ({ node }: Call): OnnxGraph | null => {
	const body = node.attributes.get('body');
	return typeof body === 'object' && 'nodes' in body ? body : null;
};
const tooLong = (rounds: number, body: OnnxGraph) =>
	!(rounds <= MAX_ROUNDS && rounds * Math.max(1, body.nodes.length) <= MAX_NODES);

const stacked = ({ as }: Rounds, parts: readonly Operand[], axis: number): Operand => {
	const raised = parts.map((part) => as('Unsqueeze', [part], { axes: [axis] }));
	return raised.length === 1 ? (raised[0] as Operand) : as('Concat', raised, { axis });
};

/** @returns null where it decides while it runs how often it goes round */
export function unrolledLoop(call: Call, rounds: Rounds): Operand[] | null {
	const body = bodyOf(call);
	const [most, condition, ...carried] = call.operands;
	if (!body || (most && !isConstant(most)) || (condition && !isConstant(condition)) || !carried.every(isKnown))
		return null;
	const count = most ? (valuesOf(most)[0] ?? 0) : Infinity;
	if (batched(count) && count) throw new BatchMixed();
	let values: readonly Operand[] = carried;
	let goesOn = condition ? valuesOf(condition)[0] !== 0 : true;
	const kept: Operand[][] = [];
	for (let round = 0; goesOn && round < count; round++) {
		if (tooLong(Number.isFinite(count) && count < 2 ** 31 ? count : round, body)) return null;
		const [next, ...results] = rounds.body(body, [whole(round), yes(), ...values], round);
		if (!isConstant(next) || !results.every(isKnown)) return null;
		goesOn = valuesOf(next)[0] !== 0;
		values = results.slice(0, values.length);
		results.slice(values.length).forEach((one, k) => (kept[k] ??= []).push(one));
	}
	const missing = body.outputs.length - 1 - values.length - kept.length;
	return missing > 0 ? null : [...values, ...kept.map((parts) => stacked(rounds, parts, 0))];
}

/** @returns null for what is not computed */
export function unrolledScan(call: Call, rounds: Rounds): Operand[] | null {
	const body = bodyOf(call);
	const operands = call.operands;
	if (!body || call.opset < 9 || !operands.every(isKnown)) return null;
	const own = call.int('num_scan_inputs', 0);
	const states = operands.length - own;
	const scanned = operands.slice(states);
	const list = (name: string, length: number) => call.ints(name) ?? Array<number>(length).fill(0);
	const axes = scanned.map((one, k) => call.checkedAxis(list('scan_input_axes', own)[k] ?? 0, one.shape.length));
	const count = scanned[0]?.shape[axes[0] ?? 0];
	if (count === undefined || scanned.some((one, k) => one.shape[axes[k] as number] !== count)) return null;
	if (batched(count)) throw new BatchMixed();
	if (tooLong(count, body)) return null;
	const backwards = list('scan_input_directions', own);
	let values: readonly Operand[] = operands.slice(0, states);
	const kept: Operand[][] = [];
	for (let round = 0; round < count; round++) {
		const parts = scanned.map((one, k) => {
			const at = backwards[k] ? count - 1 - round : round;
			return rounds.as('Gather', [one, whole(at)], { axis: axes[k] as number });
		});
		const results = rounds.body(body, [...values, ...parts], round);
		if (!results.every(isKnown)) return null;
		values = results.slice(0, states);
		results.slice(states).forEach((one, k) => (kept[k] ??= []).push(one));
	}
	const places = list('scan_output_axes', kept.length);
	const reversed = list('scan_output_directions', kept.length);
	const ends = kept.map((parts, k) => {
		const rank = (parts[0] as Operand).shape.length + 1;
		const axis = call.checkedAxis(places[k] ?? 0, rank);
		return stacked(rounds, reversed[k] ? parts.toReversed() : parts, axis);
	});
	return [...values, ...ends];
}
