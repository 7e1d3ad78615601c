import { TensorProto_DataType as T } from 'onnx-buf';
import { beforeAll, describe, it } from 'vitest';
import { useBackend } from '../../tools/backends.ts';
import type { TensorValues } from '../../tools/onnx-files.ts';
import { float, judgedForm, one, positive, real, weight, whole, type Form } from '../../tools/onnx-forms.ts';

/** Each operator in the forms that exporters write, judged by onnxruntime. */

/** Within the picture and beyond it. */
const places: TensorValues = {
	shape: [1, 3, 4, 2],
	values: Array.from({ length: 24 }, (_, i) => 1.45 * Math.sin(1.7 * i + 0.3))
};

const FORMS: Readonly<Record<string, Form>> = {
	Conv: { constants: [weight(4, 3, 3, 3), weight(4)], attributes: { pads: [1, 0, 2, 1], strides: [2, 1] } },
	'Conv of groups': { row: [4, 7, 6], constants: [weight(6, 2, 3, 3)], attributes: { group: 2, auto_pad: 'SAME_UPPER', strides: [2, 2] } }, // prettier-ignore
	'Conv each channel': { constants: [weight(6, 1, 2, 3)], attributes: { group: 3, auto_pad: 'SAME_LOWER' } },
	'Conv with gaps and steps': { row: [3, 9, 9], constants: [weight(2, 3, 3, 3)], attributes: { dilations: [2, 2], strides: [2, 2], pads: [2, 2, 2, 2] } }, // prettier-ignore
	'Conv of sequences': { row: [4, 9], constants: [weight(4, 1, 3), weight(4)], attributes: { group: 4, pads: [2, 1] } },
	ConvTranspose: { constants: [weight(3, 2, 3, 3), weight(2)], attributes: { strides: [2, 2], pads: [1, 0, 1, 1], output_padding: [1, 0] } }, // prettier-ignore
	'ConvTranspose of groups': { row: [4, 4, 3], constants: [weight(4, 1, 2, 2)], attributes: { group: 2, strides: [2, 2], dilations: [2, 1] } }, // prettier-ignore
	'ConvTranspose of sequences': { row: [3, 5], constants: [weight(3, 2, 4)], attributes: { strides: [3] } },
	MaxPool: { row: [2, 7, 8], attributes: { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1, pads: [1, 0, 0, 1] } },
	'MaxPool of sequences': { row: [2, 9], attributes: { kernel_shape: [3], strides: [2] } },
	AveragePool: { row: [2, 7, 8], attributes: { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] } },
	'AveragePool with its border': { row: [2, 7, 8], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 } }, // prettier-ignore
	LpPool: { row: [2, 6, 6], attributes: { kernel_shape: [2, 2], p: 2 } },
	GlobalAveragePool: {},
	GlobalMaxPool: { row: [3, 9] },
	BatchNormalization: { constants: [positive(3), weight(3), weight(3), positive(3)], attributes: { epsilon: float(1e-3) } }, // prettier-ignore
	InstanceNormalization: { constants: [positive(3), weight(3)] },
	LayerNormalization: { row: [4, 6], constants: [positive(6), weight(6)], outputs: 1 },
	'LayerNormalization of pictures': { row: [2, 4, 3], constants: [weight(2, 4, 3)], attributes: { axis: 1 } },
	LRN: { row: [5, 3, 3], attributes: { size: 3, alpha: float(0.2), beta: float(0.7), bias: float(1.5) } },
	LpNormalization: { row: [4, 6], attributes: { axis: 1, p: 2 } },
	Softmax: { row: [4, 3, 2], attributes: { axis: 1 } },
	'Softmax of old files': { row: [4, 3], attributes: { axis: 1 }, opset: 11 },
	LogSoftmax: { row: [4, 3], attributes: { axis: 1 } },
	Gemm: {
		row: [6],
		constants: [weight(4, 6), weight(4)],
		attributes: { transB: 1, alpha: float(0.5), beta: float(2) }
	},
	MatMul: { row: [2, 5], constants: [weight(5, 3)] },
	'MatMul of many': { row: [3, 2, 5], constants: [weight(3, 5, 4)] },
	Einsum: { row: [3, 5], constants: [weight(5, 2)], attributes: { equation: 'bij,jk->bki' } },
	Relu: {},
	LeakyRelu: { attributes: { alpha: float(0.3) } },
	PRelu: { constants: [weight(3, 1, 1)] },
	Elu: { attributes: { alpha: float(0.5) } },
	Selu: {},
	HardSigmoid: { attributes: { alpha: float(0.3), beta: float(0.4) } },
	HardSwish: {},
	ThresholdedRelu: { attributes: { alpha: float(0.4) } },
	Erf: {},
	Softplus: {},
	Clip: { constants: [one(-0.4), one(0.6)] },
	'Clip of old files': { attributes: { min: float(-0.5), max: float(0.5) }, opset: 10 },
	Pow: { row: [4], constants: [one(3)] },
	Mod: { row: [6], constants: [one(0.7)], attributes: { fmod: 1 } },
	'Add for each channel': { constants: [weight(3, 1, 1)] },
	Div: { row: [4, 3], constants: [positive(3)] },
	Max: { row: [4, 3], constants: [weight(3), weight(4, 1)] },
	ReduceMean: { row: [3, 4, 5], attributes: { axes: [2, 3], keepdims: 0 } },
	ReduceMax: { row: [3, 4, 5], attributes: { axes: [-1], keepdims: 1 } },
	ReduceSum: { row: [3, 4], constants: [whole(1)], attributes: { keepdims: 0 } },
	ReduceL2: { row: [3, 4], attributes: { axes: [1] } },
	ReduceLogSumExp: { row: [3, 4], attributes: { axes: [1, 2] } },
	Concat: { row: [3, 4], attributes: { axis: 1 } },
	Split: { row: [6, 4], constants: [whole(1, 2, 3)], attributes: { axis: 1 }, outputs: 3 },
	Slice: { row: [6, 5], constants: [whole(-1, 1), whole(-7, 4), whole(1, 2), whole(-2, 1)] },
	'Slice of old files': { row: [6, 5], attributes: { starts: [1], ends: [99], axes: [1] }, opset: 9 },
	Gather: {
		row: [6, 5],
		constants: [{ shape: [2, 2], values: [0, 3, -1, 2], type: T.INT64 }],
		attributes: { axis: 1 }
	},
	GatherElements: { row: [4], constants: [{ shape: [1, 3], values: [3, -4, 1], type: T.INT64 }], attributes: { axis: 1 }, fixed: true }, // prettier-ignore
	Transpose: { row: [3, 4, 5], attributes: { perm: [0, 3, 1, 2] } },
	Reshape: { row: [3, 4, 5], constants: [whole(0, -1, 5)] },
	'Reshape of one row': { row: [3, 4, 5], constants: [whole(1, 12, 5)], fixed: true },
	Flatten: { row: [3, 4, 5] },
	Unsqueeze: { row: [3, 4], constants: [whole(1, 4)] },
	Squeeze: { row: [1, 4, 1], constants: [whole(1, 3)] },
	Expand: { row: [1, 4], constants: [whole(1, 3, 4)] },
	Tile: { row: [2, 3], constants: [whole(1, 2, 2)] },
	Pad: { constants: [whole(0, 0, 1, 2, 0, 1, 0, 1), one(0.5)] },
	'Pad by mirrors': { constants: [whole(0, 0, 1, 2, 0, 0, 2, 1)], attributes: { mode: 'reflect' } },
	'Pad by edges': { constants: [whole(0, 0, 1, 2, 0, 0, 2, 1)], attributes: { mode: 'edge' } },
	DepthToSpace: { row: [8, 2, 3], attributes: { blocksize: 2, mode: 'CRD' } },
	SpaceToDepth: { row: [2, 4, 6], attributes: { blocksize: 2 } },
	Resize: { row: [2, 4, 5], constants: [null, real(1, 1, 2, 3)], attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' } }, // prettier-ignore
	'Resize by half pixels': { row: [2, 4, 5], constants: [null, real(1, 1, 2, 2)], attributes: { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' } }, // prettier-ignore
	'Resize to a size': { row: [2, 4, 5], constants: [null, null, whole(1, 2, 7, 3)], attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' }, fixed: true }, // prettier-ignore
	'Resize by cubes': { row: [2, 4, 5], constants: [null, real(1, 1, 1.5, 2)], attributes: { mode: 'cubic' } },
	Upsample: { row: [2, 4, 5], constants: [real(1, 1, 2, 2)], attributes: { mode: 'nearest' }, opset: 9 },
	'GridSample bilinear zeros': { row: [2, 4, 5], constants: [places], attributes: { mode: 'bilinear', padding_mode: 'zeros', align_corners: 1 }, fixed: true }, // prettier-ignore
	'GridSample bilinear border': { row: [2, 4, 5], constants: [places], attributes: { mode: 'bilinear', padding_mode: 'border', align_corners: 1 }, fixed: true }, // prettier-ignore
	'GridSample bilinear reflection': { row: [2, 4, 5], constants: [places], attributes: { mode: 'bilinear', padding_mode: 'reflection', align_corners: 0 }, fixed: true }, // prettier-ignore
	'GridSample nearest zeros': { row: [2, 4, 5], constants: [places], attributes: { mode: 'nearest', padding_mode: 'zeros', align_corners: 0 }, fixed: true }, // prettier-ignore
	'GridSample nearest border': { row: [2, 4, 5], constants: [places], attributes: { mode: 'nearest', padding_mode: 'border', align_corners: 0 }, fixed: true }, // prettier-ignore
	'GridSample nearest reflection': { row: [2, 4, 5], constants: [places], attributes: { mode: 'nearest', padding_mode: 'reflection', align_corners: 0 }, fixed: true }, // prettier-ignore
	'GridSample bicubic zeros': { row: [2, 4, 5], constants: [places], attributes: { mode: 'bicubic', padding_mode: 'zeros', align_corners: 0 }, fixed: true }, // prettier-ignore
	'GridSample bicubic border': { row: [2, 4, 5], constants: [places], attributes: { mode: 'bicubic', padding_mode: 'border', align_corners: 0 }, fixed: true }, // prettier-ignore
	'GridSample bicubic reflection': { row: [2, 4, 5], constants: [places], attributes: { mode: 'bicubic', padding_mode: 'reflection', align_corners: 1 }, fixed: true }, // prettier-ignore
	'GridSample of places that are computed': { row: [2, 4, 5], other: [3, 3, 2], attributes: { mode: 'bilinear' } },
	'Conv of volumes': { row: [2, 5, 6, 4], constants: [weight(4, 2, 3, 2, 3), weight(4)], attributes: { pads: [1, 0, 1, 1, 1, 0], strides: [2, 1, 1] } }, // prettier-ignore
	'Conv of volumes in groups': { row: [4, 5, 4, 4], constants: [weight(6, 2, 2, 2, 2)], attributes: { group: 2, dilations: [2, 1, 2] } }, // prettier-ignore
	'Conv of volumes, each channel': { row: [3, 4, 4, 4], constants: [weight(3, 1, 3, 3, 3), weight(3)], attributes: { group: 3, pads: [1, 1, 1, 1, 1, 1], strides: [1, 2, 2] } }, // prettier-ignore
	'ConvTranspose of volumes': { row: [2, 2, 3, 4], constants: [weight(2, 3, 3, 2, 2), weight(3)], attributes: { strides: [2, 2, 1], pads: [1, 0, 0, 0, 1, 1], output_padding: [1, 0, 0] } }, // prettier-ignore
	'MaxPool of volumes': { row: [2, 5, 6, 7], attributes: { kernel_shape: [2, 3, 2], strides: [2, 2, 1], pads: [1, 0, 0, 0, 1, 1], ceil_mode: 1 } }, // prettier-ignore
	'AveragePool of volumes': { row: [2, 5, 6, 7], attributes: { kernel_shape: [2, 3, 2], strides: [2, 2, 1], pads: [1, 0, 0, 0, 1, 1] } }, // prettier-ignore
	'AveragePool of volumes with their border': { row: [2, 5, 6, 7], attributes: { kernel_shape: [2, 3, 2], pads: [1, 0, 0, 0, 1, 1], count_include_pad: 1 } }, // prettier-ignore
	Trilu: { row: [4, 4], attributes: { upper: 0 } },
	CumSum: { row: [3, 4], constants: [one(1, T.INT64)], attributes: { reverse: 1 } },
	TopK: { row: [7], constants: [whole(3)], outputs: 2, indices: ['y1'] },
	ArgMax: { row: [7], attributes: { axis: 1, keepdims: 0 }, indices: ['y0'] },
	LSTM: { row: [2, 3], constants: [weight(2, 8, 3), weight(2, 8, 2), weight(2, 16)], attributes: { direction: 'bidirectional', hidden_size: 2 }, fixed: true, outputs: 3 }, // prettier-ignore
	GRU: { row: [2, 3], constants: [weight(1, 6, 3), weight(1, 6, 2), weight(1, 12)], attributes: { linear_before_reset: 1, hidden_size: 2 }, fixed: true, outputs: 2 }, // prettier-ignore
	RNN: { row: [2, 3], constants: [weight(1, 2, 3), weight(1, 2, 2)], attributes: { direction: 'reverse', hidden_size: 2 }, fixed: true } // prettier-ignore
};

describe('operators in the forms that exporters write', () => {
	beforeAll(() => useBackend('wasm'));

	it.each(Object.entries(FORMS))('%s', (name, form) => judgedForm(name, form));
});
