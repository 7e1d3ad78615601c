import { TensorProto_DataType as T } from 'onnx-buf';
import { onnxFile, parsed, type Attribute, type TensorValues } from './onnx-files.ts';
import { judged } from './onnx-judge.ts';
import { open } from './onnx-node.ts';

/** An operator in a form that exporters write, judged by onnxruntime: one row as the file has it, and two at once. */

export interface Form {
	/** Sizes of a row; the batch comes before. */
	row?: readonly number[];
	/** Of a second input, likewise. */
	other?: readonly number[];
	/** Behind the inputs, in order; null for one that is left out. */
	constants?: readonly (TensorValues | null)[];
	attributes?: Readonly<Record<string, Attribute>>;
	opset?: number;
	domain?: string;
	outputs?: number;
	/** Outputs that are indices. */
	indices?: readonly string[];
	/** The inputs are whole numbers. */
	whole?: true;
	/** The file is for one row. */
	fixed?: true;
}

export const weight = (...shape: number[]): TensorValues => ({
	shape,
	values: Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => Math.sin(1.3 * i + 1) / 2 + 0.1)
});
export const positive = (n: number): TensorValues => ({
	shape: [n],
	values: Array.from({ length: n }, (_, i) => 0.4 + i / n)
});
export const whole = (...values: number[]): TensorValues => ({ shape: [values.length], values, type: T.INT64 });
export const one = (value: number, type = T.FLOAT): TensorValues => ({ shape: [], values: [value], type });
export const real = (...values: number[]): TensorValues => ({ shape: [values.length], values });
export const float = (value: number) => ({ float: value });

/** @param name the operator, and what is special of the form behind a space */
export async function judgedForm(name: string, form: Form): Promise<void> {
	const { row = [3, 6, 5], other, constants = [], attributes = {}, opset = 17, domain = '', outputs = 1 } = form;
	const inputs = constants.map((constant, k) => (constant ? `c${k}` : ''));
	const given = constants.flatMap((constant, k) => (constant ? [[`c${k}`, constant] as const] : []));
	const names = Array.from({ length: outputs }, (_, k) => `y${k}`);
	const sizes = (own: readonly number[]) => ({
		shape: [form.fixed ? 1 : 'batch', ...own],
		...(form.whole ? { type: T.INT64 } : {})
	});
	const bytes = onnxFile({
		inputs: { x: sizes(row), ...(other ? { z: sizes(other) } : {}) },
		outputs: names,
		outputTypes: Object.fromEntries((form.indices ?? []).map((output) => [output, T.INT64])),
		constants: Object.fromEntries(given),
		nodes: [
			{ op: name.split(' ')[0]!, domain, inputs: ['x', ...(other ? ['z'] : []), ...inputs], outputs: names, attributes }
		],
		opset
	});
	const loaded = await open(parsed(bytes));
	if (loaded.model.obstacle) throw new Error(loaded.model.obstacle.message);
	await judged(loaded, bytes);
	loaded.model.dispose();
}
