import type { Example } from './operator-examples.ts';

/** Operators that files of other makers bring: see operator-examples. */

const picture = [1, 6, 5, 4];
const two = [picture, picture];
const along = { axes: [3], keepDims: true };
const steps = (gates: number) => ({ kernel: [1, gates * 2, 3], recurrent: [1, gates * 2, 2] });
const quantised = { scale: 0.05, zero: 12, low: 0, high: 255 };

export const EXPORTED: Readonly<Record<string, Example>> = {
	...Object.fromEntries(
		[
			'Equal',
			'NotEqual',
			'Greater',
			'GreaterEqual',
			'Less',
			'LessEqual',
			'LogicalAnd',
			'LogicalOr',
			'Pow',
			'Mod',
			'FMod'
		].map((type) => [type, { inputs: two }])
	),
	...Object.fromEntries(
		['Mean', 'Sum', 'Prod', 'EuclideanNorm', 'LogSumExp', 'Max', 'Min'].map((type) => [
			type,
			{ inputs: [picture], attributes: along }
		])
	),
	PReluDynamic: { inputs: [picture, [4]] },
	Select: { inputs: [picture, picture, [4]] },
	ClipByValue: { inputs: [picture], attributes: { min: -0.5, max: 0.7 } },
	Gather: { inputs: [picture, [2]], indices: [1], attributes: { axis: 1 } },
	GatherElements: { inputs: [picture, [1, 2, 5, 4]], indices: [1], attributes: { axis: 1 } },
	GatherNd: { inputs: [picture, [2, 2]], indices: [1] },
	ScatterElements: { inputs: [picture, [1, 2, 5, 4], [1, 2, 5, 4]], indices: [1], attributes: { axis: 1 } },
	ScatterNdUpdate: { inputs: [picture, [1, 2], [1, 5, 4]], indices: [1] },
	OneHot: { inputs: [[1, 5]], indices: [0], attributes: { depth: 4 } },
	Const: { inputs: [picture], weights: { value: picture } },
	Einsum: { inputs: two, attributes: { equation: 'bijc,bijd->bcd' } },
	LayerNormalization: { inputs: [picture], attributes: { axes: [3] }, weights: { gamma: [4], beta: [4] } },
	'LayerNormalization rows': { inputs: [picture], attributes: { axes: [1, 3] } },
	RMSNormalization: { inputs: [picture], attributes: { axes: [3] }, weights: { gamma: [4] } },
	LRN: { inputs: [picture], attributes: { size: 3, alpha: 0.2, beta: 0.75, bias: 1 } },
	Resample: {
		inputs: [picture],
		attributes: {
			...{ method: 'cubic', transform: 'half_pixel', nearest: 'floor' },
			...{ axes: [1, 2], sizes: [4, 9], scales: [2 / 3, 1.8] }
		}
	},
	GridSample: {
		inputs: [picture, [1, 3, 2, 2]],
		attributes: { method: 'linear', border: 'zeros', aligned: false }
	},
	Conv3D: {
		inputs: [[1, 4, 6, 5, 4]],
		attributes: {
			strides: [2, 1, 1],
			padding: [
				[1, 0],
				[0, 1],
				[1, 1]
			]
		},
		weights: { kernel: [2, 3, 2, 4, 6], bias: [6] }
	},
	Conv3DTranspose: {
		inputs: [[1, 2, 3, 4, 4]],
		attributes: {
			strides: [2, 2, 1],
			padding: [
				[0, 0],
				[0, 1],
				[1, 0]
			],
			outputShape: [4, 5, 4]
		},
		weights: { kernel: [2, 2, 2, 3, 4] }
	},
	FakeQuantize: { inputs: [picture], attributes: quantised },
	Quantize: { inputs: [picture], attributes: quantised },
	Dequantize: { inputs: [picture], attributes: quantised },
	Cumsum: { inputs: [picture], attributes: { axis: 3 } },
	TopKV2: { inputs: [picture], attributes: { k: 2 } },
	Split: { inputs: [picture], attributes: { axis: 3, sizes: [1, 3] } },
	Slice: { inputs: [picture], attributes: { cuts: [[1, 1, 2, 2]] } },
	Tile: { inputs: [picture], attributes: { repeats: [1, 1, 2, 1] } },
	BroadcastTo: { inputs: [[1, 1, 5, 4]], attributes: { shape: [-1, 6, 5, 4] } },
	SpaceToDepth: { inputs: [[1, 6, 4, 3]], attributes: { block: 2 } },
	'DepthToSpace columns': { inputs: [[1, 3, 2, 8]], attributes: { block: 2, columnsFirst: true } },
	DepthToSpace: { inputs: [[1, 3, 2, 8]], attributes: { block: 2 } },
	'MaxPool2D gaps': { inputs: [picture], attributes: { size: [2, 2], strides: [1, 1], dilations: [2, 2] } },
	'Cast whole': { inputs: [[1, 5]], indices: [0], attributes: { to: 'float32' } },
	LSTMSequence: {
		inputs: [[1, 4, 3]],
		attributes: { units: 2, direction: 'forward', activations: ['Sigmoid', 'Tanh', 'Tanh'] },
		weights: steps(4)
	},
	GRUSequence: {
		inputs: [[1, 4, 3]],
		attributes: { units: 2, direction: 'reverse', activations: ['Sigmoid', 'Tanh'] },
		weights: steps(3)
	},
	RNNSequence: {
		inputs: [[1, 4, 3]],
		attributes: { units: 2, direction: 'forward', activations: ['Tanh'] },
		weights: steps(1)
	}
};
