import { TensorProto_DataType as T } from 'onnx-buf';
import { beforeAll, describe, it } from 'vitest';
import { useBackend } from '../../tools/backends.ts';
import { float, judgedForm, one, positive, weight, type Form } from '../../tools/onnx-forms.ts';
import { onnxFile, parsed, type TensorValues } from '../../tools/onnx-files.ts';
import { judged } from '../../tools/onnx-judge.ts';
import { open } from '../../tools/onnx-node.ts';

/** What onnxruntime's own optimiser writes, judged by onnxruntime. */

const bytes = (type: T, ...shape: number[]): TensorValues => ({
	shape,
	values: Array.from(
		{ length: shape.reduce((n, m) => n * m, 1) },
		(_, i) => ((i * 37) % 200) - (type === T.INT8 ? 100 : 0)
	),
	type
});
const mask: TensorValues = { shape: [1, 4], values: [1, 1, 1, 0], type: T.INT32 };

const FORMS: Readonly<Record<string, Form>> = {
	Gelu: {},
	BiasGelu: { row: [4, 6], constants: [weight(6)] },
	FastGelu: { row: [4, 6], constants: [weight(6)] },
	'FastGelu without a bias': { row: [4, 6] },
	QuickGelu: { attributes: { alpha: float(1.5) } },
	FusedMatMul: { row: [2, 5], other: [3, 5], attributes: { transB: 1, alpha: float(0.25) } },
	'FusedMatMul with a matrix': { row: [2, 5], constants: [weight(3, 5)], attributes: { transB: 1, alpha: float(2) } },
	FusedGemm: {
		row: [6],
		constants: [weight(4, 6), weight(4)],
		attributes: { transB: 1, activation: 'LeakyRelu', activation_alpha: float(0.3) }
	},
	FusedConv: {
		constants: [weight(4, 3, 3, 3), weight(4)],
		attributes: { pads: [1, 1, 1, 1], activation: 'HardSigmoid', activation_params: { float: [0.3, 0.4] } }
	},
	SkipLayerNormalization: { row: [4, 6], other: [4, 6], constants: [positive(6), weight(6), weight(6)] },
	Attention: { row: [4, 6], constants: [weight(6, 18), weight(18)], attributes: { num_heads: 2 } },
	'Attention of what came before': { row: [4, 6], constants: [weight(6, 18), weight(18)], attributes: { num_heads: 3, unidirectional: 1 } }, // prettier-ignore
	'Attention with a mask': { row: [4, 6], constants: [weight(6, 18), weight(18), mask], attributes: { num_heads: 2 }, fixed: true }, // prettier-ignore
	MultiHeadAttention: { row: [4, 6], other: [5, 6], constants: [weight(1, 5, 6), weight(18)], attributes: { num_heads: 2 }, fixed: true }, // prettier-ignore
	DynamicQuantizeMatMul: { row: [3, 5], fixed: true, constants: [bytes(T.INT8, 5, 4), one(0.02), one(3, T.INT8), weight(4)] }, // prettier-ignore
	'DynamicQuantizeMatMul by columns': { row: [3, 5], fixed: true, constants: [bytes(T.UINT8, 5, 4), positive(4), bytes(T.UINT8, 4)] }, // prettier-ignore
	MatMulNBits: { row: [3, 32], constants: [bytes(T.UINT8, 4, 2, 8), positive(8)], attributes: { K: 32, N: 4, bits: 4, block_size: 16 } }, // prettier-ignore
	'MatMulNBits with zeros': { row: [3, 48], constants: [bytes(T.UINT8, 4, 3, 8), positive(12), bytes(T.UINT8, 8)], attributes: { K: 48, N: 4, bits: 4, block_size: 16 } } // prettier-ignore
};

describe('operators of onnxruntime’s own', () => {
	beforeAll(() => useBackend('wasm'));

	it.each([false, true])('EmbedLayerNormalization (with segments: %s)', async (segments) => {
		const spec = {
			inputs: { ids: { shape: ['batch', 4], type: T.INT64 } },
			constants: {
				words: weight(8, 6),
				places: weight(5, 6),
				parts: weight(8, 6),
				gamma: positive(6),
				beta: weight(6)
			},
			nodes: [
				{ op: 'Cast', inputs: ['ids'], outputs: ['i'], attributes: { to: T.INT32 } },
				{
					op: 'EmbedLayerNormalization',
					domain: 'com.microsoft',
					inputs: ['i', segments ? 'i' : '', 'words', 'places', segments ? 'parts' : '', 'gamma', 'beta'],
					outputs: ['y', '']
				}
			],
			outputs: ['y']
		};
		const loaded = await open(parsed(onnxFile(spec)));
		if (loaded.model.obstacle) throw new Error(loaded.model.obstacle.message);
		await judged(loaded, onnxFile(spec));
		loaded.model.dispose();
	});

	it.each(Object.entries(FORMS))('%s', (name, form) => judgedForm(name, { ...form, domain: 'com.microsoft' }));
});
